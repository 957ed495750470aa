//! Which letters the languages of our users are written with, to tell text from noise.
//!
//! Invariant: every letter is lower case and not ASCII; a language is one bit of a mask.

use std::collections::HashMap;

/// Letters of a language: the usual ones, and those that occur now and then.
struct Language {
    usual: &'static str,
    rare: &'static str,
}

const fn language(usual: &'static str, rare: &'static str) -> Language {
    Language { usual, rare }
}

/// At most 64. Of the Chinese, Japanese and Korean characters those that names, places and firms are made of.
const LANGUAGES: &[Language] = &[
    // German, French, Spanish, Portuguese, Italian, Catalan, Dutch.
    language("äöüß", "é"),
    language("éèêëàâçîïôùû", "œæüáíóñ"),
    language("áéíóúñ", "ü"),
    language("ãõçáéíóúâêô", "àü"),
    language("àèéìòù", "îóí"),
    language("àèéíïòóúüç", "ñ"),
    language("ëïéèöü", "áàêçîôû"),
    // Danish, Norwegian, Swedish and Finnish; Icelandic; Irish and Welsh.
    language("åäöæøé", "üóèô"),
    language("áéíóúýþæöð", ""),
    language("áéíóúâêîôû", "ŵŷï"),
    // Polish, Czech, Slovak, Hungarian, Romanian, Croatian and Slovene, Albanian.
    language("ąćęłńóśźż", ""),
    language("áčěéíňřšťúůýž", "ďó"),
    language("áäčéíľňóôšťúýž", "ďŕĺ"),
    language("áéíóöőúüű", ""),
    language("ăâîșțşţ", ""),
    language("čćđšž", ""),
    language("ëç", ""),
    // Turkish, Lithuanian, Latvian, Estonian, Esperanto.
    language("çğıöşü", "âîû\u{307}"),
    language("ąčęėįšųūž", ""),
    language("āčēģīķļņšūž", "ŗō"),
    language("äõöüšž", ""),
    language("ĉĝĥĵŝŭ", ""),
    // Vietnamese, whose tones are letters or marks of their own.
    language(
        "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ",
        "\u{300}\u{301}\u{303}\u{309}\u{323}",
    ),
    // Russian and Bulgarian, Ukrainian and Belarusian, Serbian and Macedonian, Greek.
    language("аеинорствлкмдпуяыьгбз", "чйхжшюцщэфъё"),
    language("аеинорствлкмдпуяіигбзьй", "чхжшюцщєїфґўыэё"),
    language("аеинорствлкмдпујигбз", "љњћђџчжшхцфѓќѕ"),
    language("αειονρστλκμπυγδάίόέήης", "βζθξφχψωύώϊϋΐΰ"),
    // Hebrew, Arabic and Persian, Thai.
    language("אבגדהוזחטיכלמנסעפצקרשתךםןףץ", "\u{5B0}\u{5B4}\u{5B6}\u{5B7}\u{5B8}\u{5BC}\u{5C1}"),
    language("اليمنترسدبعوهفحقكةأجخذزشصطغث", "إآضظىئءؤپچژگکی\u{64B}\u{64E}\u{64F}\u{650}\u{651}\u{652}"),
    language(
        "กขคงจชซญดตทธนบปผพภมยรลวศสหอะาำเแโใไ\u{E31}\u{E34}\u{E35}\u{E36}\u{E37}\u{E38}\u{E39}\u{E48}\u{E49}\u{E4C}",
        "ฆฉฌฎฏฐฑฒณถฝฟฤษฬฮๆ\u{E47}\u{E4A}\u{E4B}",
    ),
    // Japanese.
    language(
        "田山川本中村木小林井佐藤高橋伊東渡辺加吉松清水池石野島原岡前長谷後近遠坂青福西三大上下久内安宮平今金和河崎工酒\
         千葉森阿部杉丸橘斎菅新古市場関岩横浜尾鈴秋増柴竹武桜太郎一二次子美恵花香由紀真理優愛結陽斗翔蓮湊悠人健司誠\
         智明隆英樹直俊哉也彦介輔弘浩幸正義孝和雄夫男京都府県区町株式会社有限商事産業電気機製作所銀行通信研究学校部課員\
         長氏名姓住所番号日本語国年月火土会員担当様営業企画総務経理人事開発技術者代表取締役員札幌仙台名古屋神戸広沢口",
        "",
    ),
    // Chinese, simplified and traditional.
    language(
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴\
         夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文伟芳娜秀英敏静丽\
         强磊军洋勇艳杰娟涛明超霞平刚桂兰红玉华建国志海云飞鹏宇晨雪梅春晓东北京上海广州深圳天津重庆成都杭南京西安市省\
         区县公司有限科技集团股份贸易电子信息网络文化传媒工业银行大学学院中人民小子一二三四五新美家名姓邮箱电话职位地址\
         部门经理总监工程师销售市场的在不了和是业产品务长",
        "",
    ),
    language(
        "王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅梁宋鄭謝韓唐馮于董蕭程曹袁鄧許傅沈曾彭呂蘇盧蔣蔡賈丁魏薛葉閻余潘杜戴\
         夏鐘鍾汪田任姜范方石姚譚廖鄒熊金陸郝孔白崔康毛邱秦江史顧侯邵孟龍萬段雷錢湯尹黎易常武喬賀賴龔文偉芳娜秀英敏靜麗\
         強磊軍洋勇豔傑娟濤明超霞平剛桂蘭紅玉華建國志海雲飛鵬宇晨雪梅春曉怡君雅婷淑惠美玲宗翰家豪冠俊宏東北京上海台灣臺\
         中南高雄桃園新竹市省區縣公司有限科技集團股份貿易電子資訊網路文化工業銀行大學學院人民小子一二三四五名姓郵箱電話職\
         位地址部門經理總監工程師銷售市場的在不了和是業產品務長信義路號樓香港",
        "",
    ),
    // Korean.
    language(
        "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염여추도소석선설마길\
         연위표명기반왕금옥육인맹제모탁국준수영호재은경미희숙정순자철용상태혜동훈성민지우빈아름다운가을봄사랑울부산대구광인천세종\
         충북남전라제주시군구동로읍면길번주식회사전자통신물산건설그룹은행학교과장사원팀대표이부차무실본개발영업마케팅관리총무\
         름일메락처소직책급비고날짜번호회등록한글국어서울님씨스트리드크라타카그르니디바",
        "",
    ),
];

/// The languages of Western Europe, which one list often mixes: those up to Irish and Welsh.
pub(super) const WESTERN: u64 = (1 << 10) - 1;

/// Bits of the languages that Han characters of no list may belong to, and Hangul.
const HAN_LANGUAGES: u64 = mask_of_last(4) & !mask_of_last(1);
const KANA_LANGUAGES: u64 = mask_of_last(4) & !mask_of_last(3);
const HANGUL_LANGUAGES: u64 = mask_of_last(1);

const fn mask_of_last(count: u32) -> u64 {
    let all = u64::MAX >> (64 - LANGUAGES.len());
    all & !(u64::MAX >> (64 - (LANGUAGES.len() as u32 - count)))
}

const USUAL: f32 = 1.0;
const RARE: f32 = 0.5;
/// A character of a right script that is in no list.
const UNLISTED: f32 = 0.25;

/// How a letter speaks for its text: the languages that use it, and how usual it is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Use {
    pub(super) languages: u64,
    pub(super) weight: f32,
}

/// All letters of all languages.
pub(super) struct Letters(HashMap<char, Use>);

impl Letters {
    pub(super) const LANGUAGES: usize = LANGUAGES.len();

    pub(super) fn new() -> Self {
        let mut uses: HashMap<char, Use> = HashMap::new();
        for (bit, language) in LANGUAGES.iter().enumerate() {
            for (letters, weight) in [(language.usual, USUAL), (language.rare, RARE)] {
                for letter in letters.chars().filter(|c| !c.is_whitespace()) {
                    let known = uses.entry(letter).or_insert(Use { languages: 0, weight });
                    // Which names a Han character stands in is a matter of lists, not of the script.
                    known.languages |= if is_han(letter) { HAN_LANGUAGES } else { 1 << bit };
                    known.weight = known.weight.max(weight);
                }
            }
        }
        Self(uses)
    }

    /// None for a letter that no language here uses. `letter` is in lower case.
    pub(super) fn of(&self, letter: char) -> Option<Use> {
        if let Some(found) = self.0.get(&letter) {
            return Some(*found);
        }
        let (languages, weight) = match letter {
            '\u{3041}'..='\u{30FE}' => (KANA_LANGUAGES, USUAL),
            // Half-width: usual in old bank files, and what noise decodes to.
            '\u{FF66}'..='\u{FF9F}' => (KANA_LANGUAGES, 0.1),
            '々' | '〆' => (KANA_LANGUAGES, USUAL),
            _ if is_han(letter) => (HAN_LANGUAGES, UNLISTED),
            '\u{AC00}'..='\u{D7A3}' => (HANGUL_LANGUAGES, UNLISTED),
            _ => return None,
        };
        Some(Use { languages, weight })
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_know_their_languages() {
        let letters = Letters::new();
        let languages = |c| letters.of(c).map_or(0, |found| found.languages);
        assert_ne!(languages('ü') & languages('ß'), 0);
        assert_eq!(languages('ř') & languages('ø'), 0);
        assert_eq!(languages('あ').count_ones(), 1);
        assert_ne!(languages('あ') & languages('田'), 0);
        assert_eq!(languages('龘').count_ones(), 3);
        assert_eq!(languages('뷁').count_ones(), 1);
        assert_eq!(languages('뷁') & languages('龘'), 0);
        assert_eq!(letters.of('½'), None);
    }

    #[test]
    fn every_letter_is_lower_case_and_not_ascii() {
        for letter in Letters::new().0.keys() {
            assert!(!letter.is_ascii() && !letter.is_uppercase(), "{letter}");
        }
    }
}
