//! What commands print: reports and tables for people, JSON for programs. Text that came from files or the database is
//! cleaned first, so that no cell can steer a terminal.

mod again;
pub(crate) mod inspection;
mod issues;
pub(crate) mod json;
pub(crate) mod numbers;
pub(crate) mod person;
pub(crate) mod reading;
pub(crate) mod report;
pub(crate) mod style;
pub(crate) mod table;

/// Characters that turn the direction of what follows or cannot be seen.
const UNSEEN: &[char] = &[
    '\u{200B}', '\u{200E}', '\u{200F}', '\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{2066}',
    '\u{2067}', '\u{2068}', '\u{2069}', '\u{FEFF}',
];

/// Text of one line that cannot move the cursor, change colours, or ring the bell.
pub(crate) fn plain(text: &str) -> String {
    clean(text, false)
}

/// The same over several lines.
pub(crate) fn plain_lines(text: &str) -> String {
    clean(text, true)
}

fn clean(text: &str, keeps_lines: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' if keeps_lines => plain.push('\n'),
            c if c.is_control() || UNSEEN.contains(&c) => plain.extend(c.escape_default()),
            c => plain.push(c),
        }
    }
    plain
}

/// The first characters of a text, with a sign that there are more.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_steers_the_terminal() {
        assert_eq!(plain("a\u{1b}[31mred\nb"), "a\\u{1b}[31mred\\nb");
        assert_eq!(plain_lines("a\nb\u{7}"), "a\nb\\u{7}");
        assert_eq!(plain("\u{202e}gpj.exe"), "\\u{202e}gpj.exe");
        assert_eq!(plain("Zoë 🙂"), "Zoë 🙂");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(cut("äöü", 2), "äö…");
        assert_eq!(cut("äö", 2), "äö");
    }
}
