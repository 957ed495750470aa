//! Encodings: of lists of a few names in thirty languages, and of the corpus of uchardet by the rule of its `SOURCES.md`: the text that is read is the right text; where it is not, the
//! reason stands here. `CONVOKE_CORPORA` names the directory; without it the test says so and passes.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use convoke_pipeline::decoding::{Decoder, TextEncoding};
use convoke_pipeline::detect::encoding::EncodingDetector;
use convoke_testbed::corpora;

/// Files that are read as another text, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("eo/iso-8859-3.txt", "Esperanto: most letters read as Central European ones; less than 60 % sure"),
    ("ko/iso-2022-kr.txt", "7 bits for e-mail of old, which no browser reads either: ASCII with control characters"),
    ("ru/ibm855.txt", "not in the WHATWG standard: noise in all others"),
    ("vi/viscii.txt", "not in the WHATWG standard: noise in all others"),
    ("zh/euc-tw.txt", "not in the WHATWG standard: noise in all others"),
];

/// Language, the encodings of its lists, and names, places and firms.
const NAMES: &[(&str, &str, &str)] = &[
    (
        "German",
        "windows-1252",
        "Jürgen Käthe Björn Müller Groß Weiß Köln München Düsseldorf Übermut Österreich Straße \
         Lübeck Größe Jäger Äpfel Öz Günter Löw Kröger",
    ),
    (
        "French",
        "windows-1252 iso-8859-15",
        "Hélène François Anaïs Zoé Noël Benoît Gaëlle Cécile Lefèvre Côté Besançon Orléans \
         Étienne Crème Société Père Forêt Île Brûlé Août Château",
    ),
    (
        "Spanish",
        "windows-1252",
        "José María Muñoz Peña Núñez García López Ángel Íñigo Málaga Córdoba Sánchez Martínez \
         Compañía España Jesús Raúl Ramón Gómez Logroño",
    ),
    (
        "Portuguese",
        "windows-1252",
        "João São Conceição Gonçalves Antônio Inês Magalhães Simões Mônica Luís Lourenço Açúcar \
         Brandão Fátima Estêvão Guimarães Araújo Évora Óbidos Patrícia",
    ),
    (
        "Danish and Norwegian",
        "windows-1252",
        "Søren Jørgensen Åse Kjær Bjørn Østergård Mønster Århus Tromsø Lærke Pål Håkon Øyvind \
         Sjælland Børge Åberg Sørensen Nørregård Rønne Ålesund",
    ),
    (
        "Swedish",
        "windows-1252",
        "Åsa Björk Göran Malmö Söderberg Lindström Sjögren Öberg Häggström Linköping Jönköping \
         Ängelholm Håkansson Åkesson Märta Östen Pär Växjö Umeå Luleå",
    ),
    (
        "Icelandic",
        "windows-1252",
        "Þórður Guðmundur Sigurður Björk Ólafur Kristín Reykjavík Jónsdóttir Ægir Þóra Halldór \
         Ásgeir Úlfur Ísafjörður Guðrún",
    ),
    (
        "Polish",
        "windows-1250 iso-8859-2",
        "Łukasz Małgorzata Paweł Żaneta Jędrzej Wąsik Święty Wójcik Dąbrowski Gołąb Źrebiec Zając \
         Łódź Kraków Gdańsk Poznań Wrocław Spółka Źródło Śląsk",
    ),
    (
        "Czech",
        "windows-1250 iso-8859-2",
        "Dvořák Novák Černý Procházka Kučera Veselý Horák Němec Pokorný Pospíšil Hájek Jelínek \
         Růžička Beneš Sedláček Jiří Tomáš Ondřej Plzeň Žižkov Šárka Řehoř Lukáš Věra",
    ),
    (
        "Hungarian",
        "windows-1250 iso-8859-2",
        "Szabó Kovács Tóth Horváth Győr László Zoltán Gábor István Jenő Ödön Székesfehérvár Erdős \
         Szűcs Bálint Ágnes Nagykőrös Éva Őrség Gergő",
    ),
    (
        "Romanian",
        "windows-1250 iso-8859-2",
        "Ionuţ Ştefan Bucureşti Timişoara Brăila Câmpina Gheorghiţă Mărginean Dănuţ Ţepeş Iaşi \
         Piteşti Vâlcea Sânziana Fălticeni",
    ),
    (
        "Croatian",
        "windows-1250 iso-8859-2",
        "Đurđica Šibenik Čakovec Ivanišević Petrović Horvatić Kovačić Žarko Gračan Anđela Šime \
         Matić Brčko Jurčić",
    ),
    (
        "Turkish",
        "windows-1254",
        "Yılmaz Şahin Doğan Öztürk Güneş Çelik İbrahim Ayşe Gökçe Işık Kılıç Çağrı Özgür Şükrü \
         Diyarbakır İzmir Eskişehir Muğla Uğur Yıldız",
    ),
    (
        "Lithuanian",
        "windows-1257",
        "Jonas Šiauliai Žemaitis Kęstutis Ąžuolas Čepaitė Klaipėda Rūta Šarūnas Eglė Petrauskienė \
         Mažeikiai Panevėžys Justė Giedrė",
    ),
    (
        "Latvian",
        "windows-1257",
        "Jānis Ķīniņš Bērziņš Kalniņš Rīga Jūrmala Pēteris Līga Ozoliņš Šķēle Ģirts Ilūkste \
         Daugavpils Anžela Krūmiņš",
    ),
    (
        "Estonian",
        "windows-1257 windows-1252",
        "Jüri Pärnu Õnne Mägi Kõrv Tõnis Saaremaa Käärik Põldmaa Üllar Võru Äksi Jõgeva Sõber",
    ),
    (
        "Russian",
        "windows-1251 koi8-r iso-8859-5 ibm866",
        "Иван Анна Пётр Ольга Сергей Юлия Щукин Цветков Москва Казань ООО Пример Хабаровск Жуков \
         ЗАО Эдуард Нижний Ёлкина Шахов Чехов",
    ),
    (
        "Ukrainian",
        "windows-1251 koi8-u",
        "Олексій Ірина Київ Львів Їжак Євген Шевченко Гнатюк Запоріжжя Ґудзь Вінниця Мар'яна \
         Наталія Юрій Харків",
    ),
    (
        "Bulgarian",
        "windows-1251",
        "Георги Иванов Димитър Пловдив София Йорданка Щерев Стоянов Ангел Цвета Въчков Русе \
         Бургас Жеков",
    ),
    ("Serbian", "windows-1251", "Ђорђе Љубица Његош Петровић Београд Нови Ниш Чачак Жика Јелена Ћирић Џон Шабац"),
    (
        "Greek",
        "windows-1253 iso-8859-7",
        "Γιώργος Άννα Ελένη Νίκος Παπαδόπουλος Οικονόμου Βλάχος Αθήνα Θεσσαλονίκη Ηράκλειο Ίρις \
         Εύα Όλγα Ξένια Ψαρράς Χρήστος ΑΕ",
    ),
    ("Hebrew", "windows-1255", "דוד שרה כהן לוי ירושלים חיפה משה רחל יוסף אברהם תמר נועה אילת בעמ"),
    ("Arabic", "windows-1256", "محمد أحمد فاطمة علي القاهرة الرياض شركة عبدالله خالد نورة حسين دبي يوسف مريم"),
    ("Thai", "windows-874", "สมชาย สมหญิง กรุงเทพ เชียงใหม่ บริษัท ประเสริฐ วิชัย นภา ภูเก็ต ศิริพร จันทร์"),
    ("Vietnamese", "windows-1258", "Nguyễn Trần Phạm Hoàng Đặng Bùi Hồ Ngô"),
    (
        "Japanese",
        "shift_jis euc-jp",
        "田中太郎 佐藤花子 山田さくら 鈴木健一 高橋ユミ 東京 大阪市 横浜 株式会社サンプル 例示商事 見本製作所 渡邉拓海 齋藤琴音 五十嵐 仙台 北海道 マーケティング部 営業 \
         柏木葵 ﾔﾏﾀﾞ",
    ),
    (
        "Korean",
        "euc-kr",
        "김민수 이영희 박지훈 최서연 정하늘 강준호 황은지 남궁현우 서울 부산 대구 주식회사예시 견본전자 제갈공명 홍길동 탁재훈 표창원 설운도 경기도 전략기획팀",
    ),
    (
        "Chinese",
        "gbk",
        "王伟 李芳 张小明 刘丽娜 陈建国 杨雪梅 欧阳志强 司马晓东 北京 上海 广州 示例有限公司 诸葛亮 鲁迅 孙悟空 钱钟书 佟丽娅 迪丽热巴 呼和浩特 贵阳 样品科技 阮玲玉",
    ),
    (
        "Traditional Chinese",
        "big5",
        "王偉 李芳 張小明 劉麗娜 陳建國 楊雅婷 歐陽志強 黃怡君 台北 高雄 台中市 範例有限公司 諸葛亮 魯迅 孫悟空 錢鍾書 蔡依林 周杰倫 桃園 彰化 樣品科技 歐珀",
    ),
    (
        "a mix of the West",
        "windows-1252",
        "Jürgen Hélène Muñoz João Søren Göran Groß François Núñez Conceição Kjær Malmö Düsseldorf \
         Anaïs Ángel Simões Åse Björk Köln Côté Málaga Magalhães Århus Sjögren Weiß Besançon \
         Íñigo Inês Øyvind Öberg Père Niccolò Renée Citroën Größe",
    ),
];

/// The encoding a file of the corpus says it is in; its name is the encoding's.
fn label(path: &Path) -> String {
    let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
    let label = name.replace(".txt", "").replace(".smi", "").replace(".le", "le").replace(".be", "be");
    label.replace("mac-cyrillic", "x-mac-cyrillic").replace("ascii", "utf-8")
}

fn decoded(bytes: &[u8], encoding: TextEncoding) -> Vec<u8> {
    let mut text = Vec::new();
    Decoder::new(bytes, encoding).read_to_end(&mut text).expect("a sound source");
    text
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("encodings-uchardet lies in CONVOKE_CORPORA");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn the_corpus_is_read_as_the_right_text() {
    let Some(folder) = corpora::folder("encodings-uchardet") else { return };
    let (mut cases, mut wrong) = (0, Vec::new());
    for file in files(&folder).iter().filter(|path| path.is_dir()).flat_map(|language| files(language)) {
        cases += 1;
        let bytes = fs::read(&file).expect("a file of the corpus");
        let mut detector = EncodingDetector::new();
        bytes.chunks(1_000).for_each(|block| detector.feed(block));
        let guess = detector.finish();
        let read = decoded(&bytes, guess.encoding);
        let right = TextEncoding::parse(&label(&file)).map(|encoding| decoded(&bytes, encoding));
        let is_met = right.as_ref() == Some(&read);
        let name = file.strip_prefix(&folder).expect("within the corpus").display().to_string();
        let runner_up = guess.runner_up.map_or("", TextEncoding::name);
        let met = if is_met { "met" } else { "NOT MET" };
        println!("{name:26} {:13} {:3} % {runner_up:13} {met}", guess.encoding.name(), guess.certainty);
        if !is_met {
            assert!(guess.certainty < 60, "{name} is read as another text and nobody is asked");
            wrong.push(name);
        }
    }
    corpora::report("encodings-uchardet", cases, cases - wrong.len(), EXCEPTIONS);
    let expected: Vec<&str> = EXCEPTIONS.iter().map(|(name, _)| *name).collect();
    assert_eq!(wrong, expected);
}

/// How often lists of so many names are read as the right text, and how often not although the guess was 60 % sure.
fn tally(count: usize) -> (usize, usize, usize) {
    let (mut all, mut right, mut sure_but_wrong) = (0, 0, 0);
    for (language, labels, names) in NAMES {
        let names: Vec<&str> = names.split(' ').filter(|name| !name.is_ascii()).collect();
        for label in labels.split(' ') {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a label of the standard");
            for start in 0..names.len() {
                let row =
                    |at: usize| format!("{},person{at}@example.com,Bonn\n", names[(start + at * 5) % names.len()]);
                let file: String = std::iter::once("Name,Email,City\n".to_owned()).chain((0..count).map(row)).collect();
                let (bytes, _, has_unmappable) = encoding.encode(&file);
                if has_unmappable {
                    continue;
                }
                let mut detector = EncodingDetector::new();
                detector.feed(&bytes);
                let guess = detector.finish();
                all += 1;
                if decoded(&bytes, guess.encoding) == file.as_bytes() {
                    right += 1;
                } else {
                    sure_but_wrong += usize::from(guess.certainty >= 60);
                    println!("{count} names, {language}, {label}: {} ({} %)", guess.encoding.name(), guess.certainty);
                }
            }
        }
    }
    println!("{count} names: {right} of {all} right, {sure_but_wrong} wrong although 60 % sure");
    (all, right, sure_but_wrong)
}

#[test]
fn a_few_names_are_enough() {
    // One name of two or three letters may be a name in several encodings: then the guess must not be sure.
    for (count, right_of_1000, sure_but_wrong_of_1000) in [(1, 850, 30), (2, 940, 20), (5, 960, 20), (20, 990, 5)] {
        let (all, right, sure_but_wrong) = tally(count);
        assert!(right * 1000 >= all * right_of_1000, "{count} names: {right} of {all}");
        assert!(sure_but_wrong * 1000 <= all * sure_but_wrong_of_1000, "{count} names: {sure_but_wrong} of {all}");
    }
}
