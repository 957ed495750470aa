//! How the words behind the options of an import are read, in the command line and in the API; what is wrong is said
//! with the words that are right.

use convoke_people::custom::CustomKind;
use convoke_people::date::DateOrder;
use convoke_people::number::Decimal;
use convoke_people::platform::Platform;
use convoke_people::policy::Policy;
use convoke_people::record_type::{OnMatch, RecordType};
use convoke_pipeline::decoding::TextEncoding;
use convoke_pipeline::settings::{OnNew, StopRule};

/// creators, prospects or advocates, in the singular as well
pub fn record_type(text: &str) -> Result<RecordType, String> {
    RecordType::parse(text).ok_or_else(|| "it is one of creators, prospects, advocates".to_owned())
}

/// `FIELD=keep|fill|overwrite`
pub fn policy(text: &str) -> Result<(String, Policy), String> {
    let wrong = || "write FIELD=keep, FIELD=fill or FIELD=overwrite".to_owned();
    let (field, policy) = pair(text).ok_or_else(wrong)?;
    Ok((field, Policy::parse(&policy).ok_or_else(wrong)?))
}

/// `COLUMN=FIELD`; headers hold an equals sign more often than the names of fields do.
pub fn mapped_column(text: &str) -> Result<(String, String), String> {
    pair(text).ok_or_else(|| "write COLUMN=FIELD, for example \"Work mail=email\"".to_owned())
}

fn pair(text: &str) -> Option<(String, String)> {
    let (left, right) = text.rsplit_once('=')?;
    let (left, right) = (left.trim(), right.trim());
    (!left.is_empty() && !right.is_empty()).then(|| (left.to_owned(), right.to_owned()))
}

/// A platform by its key or another name.
pub fn platform(text: &str) -> Result<Platform, String> {
    let known = || Platform::ALL.map(Platform::key).join(", ");
    Platform::parse(text).ok_or_else(|| format!("it is one of {}", known()))
}

/// `skip` or `merge`
pub fn on_match(text: &str) -> Result<OnMatch, String> {
    match text.to_ascii_lowercase().as_str() {
        "skip" => Ok(OnMatch::Skip),
        "merge" => Ok(OnMatch::Merge),
        _ => Err("it is skip or merge".to_owned()),
    }
}

/// `create` or `skip`
pub fn on_new(text: &str) -> Result<OnNew, String> {
    match text.to_ascii_lowercase().as_str() {
        "create" => Ok(OnNew::Create),
        "skip" => Ok(OnNew::Skip),
        _ => Err("it is create or skip".to_owned()),
    }
}

/// `100` or `5%`
pub fn stop_rule(text: &str) -> Result<StopRule, String> {
    StopRule::parse(text).ok_or_else(|| "write a number of rows (100) or a share of them (5%)".to_owned())
}

/// Any word; not a blank.
pub fn clear_token(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("a blank cell never changes anything: choose a word, for example [clear]".to_owned());
    }
    Ok(text.trim().to_owned())
}

/// `dmy`, `mdy` or `ymd`
pub fn dates(text: &str) -> Result<DateOrder, String> {
    match text.to_ascii_lowercase().as_str() {
        "dmy" => Ok(DateOrder::Dmy),
        "mdy" => Ok(DateOrder::Mdy),
        "ymd" => Ok(DateOrder::Ymd),
        _ => Err("it is dmy, mdy or ymd".to_owned()),
    }
}

/// `point` or `comma`
pub fn decimal(text: &str) -> Result<Decimal, String> {
    match text.to_ascii_lowercase().as_str() {
        "point" | "." => Ok(Decimal::Point),
        "comma" | "," => Ok(Decimal::Comma),
        _ => Err("it is point or comma".to_owned()),
    }
}

/// The word of a treatment of people who are there.
pub(crate) fn on_match_word(on_match: OnMatch) -> &'static str {
    match on_match {
        OnMatch::Skip => "skip",
        OnMatch::Merge => "merge",
    }
}

/// The word of an order of dates.
pub(crate) fn dates_word(dates: DateOrder) -> &'static str {
    match dates {
        DateOrder::Dmy => "dmy",
        DateOrder::Mdy => "mdy",
        DateOrder::Ymd => "ymd",
    }
}

/// The word of a decimal separator.
pub(crate) fn decimal_word(decimal: Decimal) -> &'static str {
    match decimal {
        Decimal::Point => "point",
        Decimal::Comma => "comma",
    }
}

/// A name of an encoding.
pub fn encoding(text: &str) -> Result<TextEncoding, String> {
    TextEncoding::parse(text.trim()).ok_or_else(|| {
        "no encoding is known by that name; common ones are UTF-8, Windows-1252, ISO-8859-15, UTF-16LE, Shift_JIS, \
         EUC-KR, GB18030, Big5, KOI8-R, macintosh"
            .to_owned()
    })
}

/// A delimiter by name or as it stands in the file.
pub fn delimiter(text: &str) -> Result<u8, String> {
    match text.to_ascii_lowercase().as_str() {
        "comma" | "," => Ok(b','),
        "semicolon" | ";" => Ok(b';'),
        "tab" | "\t" | "\\t" => Ok(b'\t'),
        "pipe" | "bar" | "|" => Ok(b'|'),
        _ => Err("it is comma, semicolon, tab or pipe".to_owned()),
    }
}

/// The type of a custom field.
pub fn custom_kind(text: &str) -> Result<CustomKind, String> {
    CustomKind::parse(text).ok_or_else(|| {
        let keys: Vec<_> = CustomKind::ALL.iter().map(|kind| kind.key()).collect();
        format!("it is one of {}", keys.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_may_hold_an_equals_sign() {
        assert_eq!(mapped_column("a=b = email"), Ok(("a=b".to_owned(), "email".to_owned())));
        assert!(mapped_column("email").is_err());
        assert!(mapped_column("=email").is_err());
    }

    #[test]
    fn words_are_read_in_any_case() {
        assert_eq!(record_type("Creators"), Ok(RecordType::Creator));
        assert_eq!(policy("Title=OVERWRITE"), Ok(("Title".to_owned(), Policy::Overwrite)));
        assert_eq!(decimal(","), Ok(Decimal::Comma));
        assert_eq!(stop_rule("5%"), Ok(StopRule::Percent(5)));
        assert!(stop_rule("-1").is_err());
    }
}
