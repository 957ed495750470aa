//! Tables of made-up people in ten languages.
//!
//! Invariant: a cell is text as people write it; nothing is bent to make it easier to read back.

use crate::chance::Chance;

pub(crate) struct Language {
    pub(crate) name: &'static str,
    /// Encodings its text is written in, besides Unicode.
    pub(crate) encodings: &'static [&'static str],
    given: &'static [&'static str],
    family: &'static [&'static str],
    cities: &'static [&'static str],
    firms: &'static [&'static str],
    notes: &'static [&'static str],
    headers: &'static [&'static str; KINDS],
    pub(crate) titles: &'static [&'static str],
    pub(crate) footers: &'static [&'static str],
}

const KINDS: usize = 14;

const ENGLISH: &[&str; KINDS] = &[
    "Name",
    "Email",
    "Company",
    "City",
    "Country",
    "Phone",
    "Followers",
    "Engagement Rate",
    "Website",
    "Handle",
    "Notes",
    "Customer since",
    "Tags",
    "Fee",
];
const GERMAN: &[&str; KINDS] = &[
    "Vollständiger Name",
    "E-Mail-Adresse",
    "Firma",
    "Ort",
    "Land",
    "Telefon",
    "Followers",
    "Rate",
    "Webseite",
    "Handle",
    "Bemerkung",
    "Kunde seit",
    "Schlagwörter",
    "Honorar",
];
const FRENCH: &[&str; KINDS] = &[
    "Nom complet",
    "Adresse e-mail",
    "Société",
    "Ville",
    "Pays",
    "Téléphone",
    "Abonnés",
    "Taux",
    "Site",
    "Handle",
    "Remarques",
    "Client depuis",
    "Étiquettes",
    "Tarif",
];
const POLISH: &[&str; KINDS] = &[
    "Imię i nazwisko",
    "E-mail",
    "Firma",
    "Miasto",
    "Kraj",
    "Telefon",
    "Obserwujący",
    "Wskaźnik",
    "Strona",
    "Handle",
    "Uwagi",
    "Klient od",
    "Tagi",
    "Stawka",
];

pub(crate) const LANGUAGES: &[Language] = &[
    Language {
        name: "English",
        encodings: &["windows-1252", "iso-8859-15"],
        given: &["Anna", "Ben", "Chloé", "Zoë", "Dan", "Eve", "Renée", "Frank", "Grace", "José", "Ian", "Mary-Jane"],
        family: &["Miller", "O'Neil", "Smith", "Brontë", "Garcia", "Peña", "Jones", "Muñoz", "Lee", "D’Arcy", "Walker"],
        cities: &["London", "Dublin", "São Paulo", "New York", "Cork", "Montréal", "Leeds", "Austin"],
        firms: &["Example Ltd", "Sample & Sons", "Café Example", "Placeholder Inc.", "Widgets, Gears & Co"],
        notes: &[
            "met at a fair",
            "call back; not before May",
            "likes a|b tests",
            "5\" screen",
            "said \"maybe\"",
            "fine — for now",
        ],
        headers: ENGLISH,
        titles: &[
            "Contacts of spring",
            "Report: All Contacts",
            "Exported by Ops, 2026-03-31",
            "Owner: ops@example.com",
        ],
        footers: &["Total: 12", "Copyright 2026 Example Ltd", "Page 1 of 3"],
    },
    Language {
        name: "German",
        encodings: &["windows-1252", "iso-8859-15"],
        given: &["Jürgen", "Anna", "Käthe", "Björn", "Sören", "Max", "Uta", "Jörg", "Ben", "Bärbel", "Günther", "Rolf"],
        family: &[
            "Müller",
            "Schröder",
            "Groß",
            "Weiß",
            "Schmidt",
            "Bäcker",
            "Köhler",
            "Vogel",
            "Jäger",
            "Strauß",
            "Lange",
        ],
        cities: &["München", "Köln", "Bonn", "Düsseldorf", "Gießen", "Lübeck", "Ulm", "Würzburg", "Österreich-Platz"],
        firms: &["Muster GmbH", "Bäckerei Beispiel", "Größe & Söhne KG", "Beispiel AG", "Übermut UG"],
        notes: &[
            "auf der Messe getroffen",
            "später anrufen; nicht vor Mai",
            "größer, schöner",
            "Bildschirm 5\"",
            "„vielleicht“",
            "350 € pro Post",
        ],
        headers: GERMAN,
        titles: &[
            "Ansprechpartner Frühjahr",
            "Stand: 31.03.2026",
            "Bericht über alle Kontakte",
            "Erstellt von: ops@example.com",
        ],
        footers: &["Gesamtsumme: 12", "Stand: 31.03.2026", "Seite 1 von 3"],
    },
    Language {
        name: "French",
        encodings: &["windows-1252", "iso-8859-15"],
        given: &[
            "Hélène",
            "François",
            "Anaïs",
            "Zoé",
            "Jean",
            "Noël",
            "Chloé",
            "Benoît",
            "Luc",
            "Gaëlle",
            "Cécile",
            "Rémi",
        ],
        family: &[
            "Lefèvre",
            "Dupont",
            "Müller",
            "Bérard",
            "Garçon",
            "Hébert",
            "Côté",
            "Martin",
            "Lemaître",
            "Noël",
            "Petit",
        ],
        cities: &["Orléans", "Paris", "Nîmes", "Besançon", "Genève", "Liège", "Lyon", "Saint-Étienne"],
        firms: &["Société Exemple", "Boulangerie Échantillon", "Exemple SARL", "Crème & Fils", "L’Œuvre d’Exemple"],
        notes: &[
            "rencontré au salon",
            "à rappeler ; pas avant mai",
            "très intéressé, déjà client",
            "écran 5\"",
            "« peut-être »",
            "350 € par post",
        ],
        headers: FRENCH,
        titles: &["Contacts du printemps", "Exporté le 31/03/2026", "Rapport général", "Créé par : ops@example.com"],
        footers: &["Total général : 12", "Page 1 sur 3", "Exporté le 31/03/2026"],
    },
    Language {
        name: "Polish",
        encodings: &["windows-1250", "iso-8859-2"],
        given: &["Łukasz", "Anna", "Małgorzata", "Paweł", "Żaneta", "Stanisław", "Ewa", "Jędrzej", "Bożena", "Jan"],
        family: &[
            "Wąsik",
            "Kowalski",
            "Błaszczyk",
            "Święty",
            "Wójcik",
            "Nowak",
            "Dąbrowski",
            "Gołąb",
            "Źrebiec",
            "Zając",
        ],
        cities: &["Łódź", "Kraków", "Gdańsk", "Poznań", "Warszawa", "Wrocław", "Rzeszów", "Częstochowa"],
        firms: &["Przykład sp. z o.o.", "Piekarnia Próbka", "Spółka Przykładowa", "Źródło S.A."],
        notes: &[
            "spotkany na targach",
            "oddzwonić; nie przed majem",
            "większy, ładniejszy",
            "ekran 5\"",
            "„może”",
            "już klient",
        ],
        headers: POLISH,
        titles: &["Kontakty wiosenne", "Raport: wszystkie kontakty", "Stan na 31.03.2026"],
        footers: &["Suma: 12", "Strona 1 z 3"],
    },
    Language {
        name: "Russian",
        encodings: &["windows-1251", "koi8-r", "iso-8859-5", "ibm866"],
        given: &["Иван", "Анна", "Пётр", "Ольга", "Сергей", "Юлия", "Дмитрий", "Фёдор", "Елена", "Щерба"],
        family: &["Иванов", "Петрова", "Сидоров", "Кузнецова", "Попов", "Соловьёва", "Морозов", "Цветаева", "Жуков"],
        cities: &["Москва", "Казань", "Санкт-Петербург", "Тула", "Омск", "Нижний Новгород"],
        firms: &["ООО Пример", "Пекарня Образец", "Пример и сыновья", "ЗАО Проба"],
        notes: &[
            "встретились на выставке",
            "перезвонить; не раньше мая",
            "уже клиент, доволен",
            "экран 5\"",
            "может быть",
        ],
        headers: ENGLISH,
        titles: &["Контакты весны", "Отчёт: все контакты"],
        footers: &["Итого: 12", "Страница 1 из 3"],
    },
    Language {
        name: "Greek",
        encodings: &["windows-1253", "iso-8859-7"],
        given: &["Γιώργος", "Άννα", "Ελένη", "Νίκος", "Μαρία", "Δημήτρης", "Ίρις", "Κώστας"],
        family: &["Παπαδόπουλος", "Οικονόμου", "Νικολάου", "Γεωργίου", "Βλάχος", "Αγγελής"],
        cities: &["Αθήνα", "Θεσσαλονίκη", "Πάτρα", "Ηράκλειο", "Λάρισα"],
        firms: &["Παράδειγμα ΑΕ", "Φούρνος Δείγμα", "Δείγμα και Υιοί"],
        notes: &["γνωριστήκαμε στην έκθεση", "να ξανακαλέσω· όχι πριν τον Μάιο", "ήδη πελάτης, ευχαριστημένος", "ίσως"],
        headers: ENGLISH,
        titles: &["Επαφές άνοιξης", "Αναφορά: όλες οι επαφές"],
        footers: &["Σύνολο: 12", "Σελίδα 1 από 3"],
    },
    Language {
        name: "Japanese",
        encodings: &["shift_jis", "euc-jp", "iso-2022-jp"],
        given: &["太郎", "花子", "さくら", "健一", "ユミ", "陽菜", "大輔", "美咲"],
        family: &["田中", "佐藤", "山田", "鈴木", "高橋", "渡辺", "小林", "長谷川"],
        cities: &["東京", "大阪市", "横浜", "札幌", "名古屋", "京都"],
        firms: &["株式会社サンプル", "例示商事", "見本製作所", "サンプル電気ABC"],
        notes: &["展示会で会いました", "五月以降に電話", "すでにお客様です、満足", "たぶん"],
        headers: ENGLISH,
        titles: &["春の連絡先", "報告書：全ての連絡先"],
        footers: &["合計: 12", "1 / 3 ページ"],
    },
    Language {
        name: "Korean",
        encodings: &["euc-kr"],
        given: &["민수", "영희", "지훈", "서연", "하늘", "준호", "은지", "현우"],
        family: &["김", "이", "박", "최", "정", "강", "황", "남궁"],
        cities: &["서울", "부산", "대구", "인천", "수원", "제주"],
        firms: &["주식회사 예시", "견본전자", "보기 그룹", "예시은행"],
        notes: &["박람회에서 만남", "오월 이후에 전화", "이미 고객, 만족", "아마도"],
        headers: ENGLISH,
        titles: &["봄 연락처", "보고서: 전체 연락처"],
        footers: &["합계: 12", "1 / 3 쪽"],
    },
    Language {
        name: "Chinese",
        encodings: &["gbk", "gb18030"],
        given: &["伟", "芳", "小明", "丽娜", "建国", "雪梅", "志强", "晓东"],
        family: &["王", "李", "张", "刘", "陈", "杨", "欧阳", "司马"],
        cities: &["北京", "上海", "广州", "深圳市", "成都", "西安"],
        firms: &["示例有限公司", "样品科技", "范例集团", "样本银行"],
        notes: &["在展会上认识", "五月以后再打电话", "已经是客户，很满意", "也许"],
        headers: ENGLISH,
        titles: &["春季联系人", "报告：所有联系人"],
        footers: &["总计: 12", "第 1 页，共 3 页"],
    },
    Language {
        name: "Traditional Chinese",
        encodings: &["big5"],
        given: &["偉", "芳", "小明", "麗娜", "建國", "雅婷", "志強", "怡君"],
        family: &["王", "李", "張", "劉", "陳", "楊", "歐陽", "黃"],
        cities: &["台北", "高雄", "台中市", "新竹", "香港", "桃園"],
        firms: &["範例有限公司", "樣品科技", "範例集團", "樣本銀行"],
        notes: &["在展覽會上認識", "五月以後再打電話", "已經是客戶，很滿意", "也許"],
        headers: ENGLISH,
        titles: &["春季聯絡人", "報告：所有聯絡人"],
        footers: &["總計: 12", "第 1 頁，共 3 頁"],
    },
];

/// The cells of a header and of 5 to 200 rows below it, 3 to 14 columns wide.
pub(crate) fn table(language: &Language, chance: &mut Chance) -> Vec<Vec<String>> {
    // Name and address always; the others in any choice.
    let mut kinds: Vec<usize> = vec![0, 1];
    for kind in 2..KINDS {
        if chance.percent(45) {
            kinds.push(kind);
        }
    }
    if kinds.len() < 3 {
        kinds.push(chance.between(2, KINDS));
    }
    for at in (1..kinds.len()).rev() {
        kinds.swap(at, chance.between(0, at + 1));
    }
    let mut rows = vec![kinds.iter().map(|&kind| language.headers[kind].to_owned()).collect()];
    let count = if chance.percent(50) { chance.between(5, 30) } else { chance.between(30, 201) };
    for number in 0..count {
        rows.push(kinds.iter().map(|&kind| cell(kind, number, language, chance)).collect());
    }
    rows
}

fn cell(kind: usize, number: usize, language: &Language, chance: &mut Chance) -> String {
    if kind > 1 && chance.percent(15) {
        return String::new();
    }
    match kind {
        0 => name(language, chance),
        1 => format!("person{number}@{}", chance.of(&["example.com", "example.org", "mail.example.com"])),
        2 => chance.of(language.firms).to_owned(),
        3 => chance.of(language.cities).to_owned(),
        4 => chance.of(&["Germany", "France", "PL", "Japan", "UK"]).to_owned(),
        5 => format!("+49 30 {:06}", chance.between(0, 1_000_000)),
        6 => number_of_followers(chance),
        7 => format!("{},{} %", chance.between(0, 12), chance.between(0, 10)),
        8 => format!("https://www.example.com/{}", chance.between(1, 9_999)),
        9 => format!("@sample.{}", chance.between(1, 9_999)),
        10 => note(language, chance),
        11 => format!("{:02}.{:02}.2025", chance.between(1, 29), chance.between(1, 13)),
        12 => chance.of(&["food; weekly", "a|b", "sport", "x, y", "one;two;three", "food"]).to_owned(),
        _ => format!("{}.{:03},00", chance.between(1, 9), chance.between(0, 1_000)),
    }
}

fn name(language: &Language, chance: &mut Chance) -> String {
    let (given, family) = (chance.of(language.given), chance.of(language.family));
    match language.name {
        "Japanese" | "Korean" | "Chinese" | "Traditional Chinese" => format!("{family}{given}"),
        _ if chance.percent(10) => format!("{family}, {given}"),
        _ if chance.percent(5) => format!("\"{given}\" {family}"),
        _ => format!("{given} {family}"),
    }
}

fn number_of_followers(chance: &mut Chance) -> String {
    let (thousands, rest) = (chance.between(1, 900), chance.between(0, 1_000));
    match chance.between(0, 4) {
        0 => format!("{thousands},{rest:03}"),
        1 => format!("{thousands}.{rest:03}"),
        2 => format!("{thousands}K"),
        _ => format!("{thousands}{rest:03}"),
    }
}

fn note(language: &Language, chance: &mut Chance) -> String {
    let note = chance.of(language.notes);
    match chance.between(0, 12) {
        0 => format!("{note}\n{}", chance.of(language.notes)),
        1 => format!("{{\"note\":\"{note}\",\"stars\":{}}}", chance.between(1, 6)),
        2 => format!("C:\\lists\\{}", chance.between(1, 99)),
        _ => note.to_owned(),
    }
}
