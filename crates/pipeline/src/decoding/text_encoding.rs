//! The encodings that can be read, and their names.
//!
//! Invariant: `parse(e.name())` is `e`, for every encoding.

use encoding_rs::Encoding;

use super::utf32::ByteOrder;

/// An encoding of text: one of the WHATWG standard, or UTF-32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextEncoding(Way);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    Standard(&'static Encoding),
    Utf32(ByteOrder),
}

/// Names that people know better than the standard's, which are still understood.
const KNOWN_NAMES: &[(&str, &str)] = &[
    ("windows-874", "Windows-874"),
    ("windows-1250", "Windows-1250"),
    ("windows-1251", "Windows-1251"),
    ("windows-1252", "Windows-1252"),
    ("windows-1253", "Windows-1253"),
    ("windows-1254", "Windows-1254"),
    ("windows-1255", "Windows-1255"),
    ("windows-1256", "Windows-1256"),
    ("windows-1257", "Windows-1257"),
    ("windows-1258", "Windows-1258"),
    ("gb18030", "GB18030"),
    ("macintosh", "Mac Roman"),
    ("x-mac-cyrillic", "Mac Cyrillic"),
];

/// What people write beside the labels of the standard; letters and digits only, in lower case.
const MORE_LABELS: &[(&str, &str)] = &[
    ("ansi", "windows-1252"),
    ("western", "windows-1252"),
    ("excel", "windows-1252"),
    ("cp819", "windows-1252"),
    ("latin9", "iso-8859-15"),
    ("cp874", "windows-874"),
    ("cp932", "shift_jis"),
    ("ms932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp949", "euc-kr"),
    ("uhc", "euc-kr"),
    ("ms949", "euc-kr"),
    ("cp950", "big5"),
    ("cp1200", "utf-16le"),
    ("cp65001", "utf-8"),
    ("cp10000", "macintosh"),
    ("macroman", "macintosh"),
    ("xmacroman", "macintosh"),
    ("mac", "macintosh"),
    ("maccyrillic", "x-mac-cyrillic"),
    ("koi8r", "koi8-r"),
    ("koi8u", "koi8-u"),
    ("unicode", "utf-16le"),
];

impl TextEncoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(Way::Standard(encoding_rs::UTF_8));
    /// UTF-16, low byte first.
    pub const UTF_16_LE: Self = Self(Way::Standard(encoding_rs::UTF_16LE));
    /// UTF-16, high byte first.
    pub const UTF_16_BE: Self = Self(Way::Standard(encoding_rs::UTF_16BE));
    /// UTF-32, low byte first.
    pub const UTF_32_LE: Self = Self(Way::Utf32(ByteOrder::LittleEndian));
    /// UTF-32, high byte first.
    pub const UTF_32_BE: Self = Self(Way::Utf32(ByteOrder::BigEndian));
    /// What Excel writes in Western Europe and America.
    pub const WINDOWS_1252: Self = Self(Way::Standard(encoding_rs::WINDOWS_1252));

    /// The encoding people mean by `label`: a name or label of the WHATWG standard, or another usual spelling of one;
    /// case, blanks, hyphens and underscores do not matter.
    pub fn parse(label: &str) -> Option<Self> {
        let label = label.trim();
        if let Some(standard) = standard(label) {
            return Some(standard);
        }
        let plain: String = label.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
        match plain.as_str() {
            "utf16" | "utf16le" | "ucs2" => return Some(Self::UTF_16_LE),
            "utf16be" => return Some(Self::UTF_16_BE),
            "utf32" | "utf32le" | "ucs4" => return Some(Self::UTF_32_LE),
            "utf32be" => return Some(Self::UTF_32_BE),
            _ => {}
        }
        if let Some((_, name)) = MORE_LABELS.iter().find(|(more, _)| *more == plain) {
            return standard(name);
        }
        if let Some(page) = plain.strip_prefix("windows").or_else(|| plain.strip_prefix("win")) {
            return standard(&format!("windows-{page}"));
        }
        // "latin 1", "UTF 8", "ISO_8859_1": the standard has them without blanks, or with hyphens.
        let hyphens = |c: char| if matches!(c, ' ' | '_') { '-' } else { c };
        let hyphenated: String = label.chars().map(hyphens).collect();
        standard(&plain).or_else(|| standard(&hyphenated))
    }

    /// The name people know: `UTF-8`, `Windows-1252`, `Shift_JIS`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Way::Standard(encoding) => {
                let known = KNOWN_NAMES.iter().find(|(name, _)| *name == encoding.name());
                known.map_or(encoding.name(), |(_, known)| known)
            }
            Way::Utf32(ByteOrder::LittleEndian) => "UTF-32LE",
            Way::Utf32(ByteOrder::BigEndian) => "UTF-32BE",
        }
    }

    /// Whether ASCII characters stand in it as their own bytes, so that other control bytes mean that it is no text.
    pub fn is_ascii_compatible(self) -> bool {
        match self.0 {
            Way::Standard(encoding) => encoding.is_ascii_compatible(),
            Way::Utf32(_) => false,
        }
    }

    pub(crate) fn of(encoding: &'static Encoding) -> Self {
        Self(Way::Standard(encoding))
    }

    pub(super) fn way(self) -> Way {
        self.0
    }
}

fn standard(label: &str) -> Option<TextEncoding> {
    // The last is a private way of browsers to carry bytes.
    let encoding = Encoding::for_label_no_replacement(label.as_bytes())?;
    (encoding != encoding_rs::X_USER_DEFINED).then(|| TextEncoding::of(encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! means {
        ($($label:literal => $name:literal;)*) => {
            #[test]
            fn labels_are_understood_as_people_write_them() {
                $(assert_eq!(TextEncoding::parse($label).map(TextEncoding::name), Some($name), "{}", $label);)*
            }
        };
    }

    means! {
        "utf8" => "UTF-8"; "UTF-8" => "UTF-8"; "utf 8" => "UTF-8"; "cp65001" => "UTF-8";
        "utf16" => "UTF-16LE"; "utf-16be" => "UTF-16BE"; "UTF16LE" => "UTF-16LE"; "utf16be" => "UTF-16BE";
        "Unicode" => "UTF-16LE"; "utf-32" => "UTF-32LE"; "UTF-32BE" => "UTF-32BE";
        "windows-1252" => "Windows-1252"; "cp1252" => "Windows-1252"; "latin1" => "Windows-1252";
        "Latin-1" => "Windows-1252"; "iso-8859-1" => "Windows-1252"; "ISO_8859_1" => "Windows-1252";
        "ansi" => "Windows-1252"; " windows 1252 " => "Windows-1252"; "us-ascii" => "Windows-1252";
        "latin2" => "ISO-8859-2"; "iso8859-15" => "ISO-8859-15"; "latin-9" => "ISO-8859-15"; "win1250" => "Windows-1250";
        "sjis" => "Shift_JIS"; "shift-jis" => "Shift_JIS"; "cp932" => "Shift_JIS"; "euc_kr" => "EUC-KR";
        "cp949" => "EUC-KR"; "gb2312" => "GBK"; "GB18030" => "GB18030"; "big5" => "Big5"; "koi8r" => "KOI8-R";
        "macroman" => "Mac Roman"; "mac-roman" => "Mac Roman"; "x-mac-roman" => "Mac Roman"; "macintosh" => "Mac Roman";
    }

    #[test]
    fn what_is_no_encoding_is_unknown() {
        for label in ["", "klingon", "replacement", "x-user-defined", "windows-1249", "hz-gb-2312", "."] {
            assert_eq!(TextEncoding::parse(label), None, "{label}");
        }
    }

    #[test]
    fn every_name_is_understood() {
        let labels = "utf-8 utf-16le utf-16be utf-32le utf-32be ibm866 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 \
             iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-8-i iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16 \
             koi8-r koi8-u macintosh x-mac-cyrillic windows-874 windows-1250 windows-1251 windows-1252 windows-1253 \
             windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 gbk gb18030 big5 euc-jp iso-2022-jp \
             shift_jis euc-kr";
        for label in labels.split_whitespace() {
            let encoding = TextEncoding::parse(label).expect(label);
            assert_eq!(TextEncoding::parse(encoding.name()), Some(encoding), "{label}");
        }
    }
}
