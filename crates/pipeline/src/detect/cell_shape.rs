//! What a cell looks like at a glance: a typed value, plain text, or text in which another delimiter was left over.
//!
//! Invariant: a glance, not a check: it never refuses a cell, and what it calls a number the parsers may refuse.

/// The look of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Blank,
    Email,
    Number,
    Date,
    Url,
    Text,
    /// Text that a wrong dialect would leave: a delimiter between two characters, or quotes at its ends.
    Torn,
}

impl Shape {
    /// Whether it is a value rather than a name of one.
    pub(super) fn is_typed(self) -> bool {
        matches!(self, Self::Email | Self::Number | Self::Date | Self::Url)
    }
}

/// The shape of a cell in a table with this `delimiter`. In a quoted cell nothing is left over.
pub(super) fn shape(cell: &[u8], delimiter: u8, is_quoted: bool) -> Shape {
    let cell = cell.trim_ascii();
    if cell.is_empty() {
        return Shape::Blank;
    }
    if !is_quoted && is_torn(cell, delimiter) {
        return Shape::Torn;
    }
    value_shape(cell)
}

/// The shape of a cell of which the dialect is known.
pub(super) fn value_shape(cell: &[u8]) -> Shape {
    let cell = cell.trim_ascii();
    if cell.is_empty() {
        Shape::Blank
    } else if is_email(cell) {
        Shape::Email
    } else if is_date(cell) {
        Shape::Date
    } else if is_number(cell) {
        Shape::Number
    } else if is_url(cell) {
        Shape::Url
    } else {
        Shape::Text
    }
}

fn is_torn(cell: &[u8], delimiter: u8) -> bool {
    if cell.len() > 1 && (cell[0] == b'"' && cell.ends_with(b"\"")) {
        return true;
    }
    cell.iter().enumerate().any(|(at, &byte)| {
        let next = cell.get(at + 1).copied();
        let before = at.checked_sub(1).map(|at| cell[at]);
        let is_between_digits = before.is_some_and(|b| b.is_ascii_digit()) && next.is_some_and(|b| b.is_ascii_digit());
        match byte {
            _ if byte == delimiter => false,
            b'\t' => true,
            // A comma within a number, or before a blank as in a sentence, is text.
            b',' => !is_between_digits && next.is_none_or(|b| b != b' '),
            b';' | b'|' => next.is_none_or(|b| b != b' '),
            _ => false,
        }
    })
}

fn is_email(cell: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'@', cell) else { return false };
    let (local, domain) = (&cell[..at], &cell[at + 1..]);
    let is_plain = |b: &u8| !b.is_ascii_whitespace() && !b",;|\t\"<>()@".contains(b);
    !local.is_empty()
        && local.iter().all(is_plain)
        && domain.iter().all(is_plain)
        && domain.contains(&b'.')
        && !domain.starts_with(b".")
        && !domain.ends_with(b".")
}

/// Digits with signs, separators and units around them: 12,500 | 3,4 % | -1.2M | € 350 | +49 30 901820 | 2 350,00 €.
fn is_number(cell: &[u8]) -> bool {
    let mut digits = 0;
    let mut letters = 0;
    let mut others = 0;
    for &byte in cell {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'.' | b',' | b' ' | b'\'' | b'-' | b'+' | b'(' | b')' | b'/' | b'%' | b'$' => {}
            b'a'..=b'z' | b'A'..=b'Z' => letters += 1,
            // € £ ¥ and no-break spaces.
            0x80.. => others += 1,
            _ => return false,
        }
    }
    digits > 0 && (letters == 0 || letters == 1 && cell.last().is_some_and(|b| b"kKmMbB".contains(b))) && others <= 3
}

/// 2026-03-31 | 31.03.2026 | 3/31/26, with or without a time.
fn is_date(cell: &[u8]) -> bool {
    let day = cell.split(|&b| b == b' ' || b == b'T').next().unwrap_or(cell);
    let Some(&separator) = day.iter().find(|b| !b.is_ascii_digit()) else { return false };
    if !b"-./".contains(&separator) {
        return false;
    }
    let mut parts = 0;
    for part in day.split(|&b| b == separator) {
        if part.is_empty() || part.len() > 4 || part.len() == 3 || !part.iter().all(u8::is_ascii_digit) {
            return false;
        }
        parts += 1;
    }
    let time = cell.get(day.len() + 1..).unwrap_or(b"");
    parts == 3 && day.len() >= 6 && (time.is_empty() || time[0].is_ascii_digit())
}

fn is_url(cell: &[u8]) -> bool {
    let starts = |prefix: &[u8]| cell.len() > prefix.len() && cell[..prefix.len()].eq_ignore_ascii_case(prefix);
    (starts(b"http://") || starts(b"https://") || starts(b"www.")) && !cell.contains(&b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! shapes {
        ($($cell:literal => $shape:ident;)*) => {
            #[test]
            fn cells_have_a_shape() {
                $(assert_eq!(shape($cell.as_bytes(), b'\0', false), Shape::$shape, "{:?}", $cell);)*
            }
        };
    }

    shapes! {
        "" => Blank; "  " => Blank; "anna@example.com" => Email; "anna@example" => Text; "@anna" => Text;
        "a@b.c, d@e.f" => Text; "12,500" => Number; "3,4 %" => Number; "1.2M" => Number; "€ 350" => Number;
        "+49 30 901820" => Number; "M" => Text; "4711a" => Text; "2026-03-31" => Date; "31.3.26" => Date;
        "3/31/2026 10:15" => Date; "2026-03-31T10:15:00Z" => Date; "192.168.1.1" => Number;
        "https://example.com/a" => Url; "www.example.com" => Url; "https://" => Text; "Anna" => Text;
        "Doe, Anna" => Text; "Doe,Anna" => Torn; "a;b" => Torn; "a; b" => Text; "a|b" => Torn; "a\tb" => Torn;
        "\"Anna\"" => Torn; "5\" screen" => Text; "\"The Rock\" Johnson" => Text; "O'Neil" => Text;
    }

    #[test]
    fn quoted_cells_are_never_torn() {
        assert_eq!(shape(b"a,b|c", b';', true), Shape::Text);
        assert_eq!(shape(b"a|b", b'|', false), Shape::Text);
    }
}
