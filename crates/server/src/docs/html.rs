//! Text as HTML: nothing of a text becomes a tag.

/// Text in which nothing is a tag.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Paragraphs, in which what stands between backticks is code.
pub(super) fn prose(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{}</p>", inline(paragraph))).collect()
}

fn inline(text: &str) -> String {
    let pieces = text.split('`').enumerate();
    let piece = |(at, piece): (usize, &str)| {
        if at % 2 == 1 { format!("<code>{}</code>", escaped(piece)) } else { escaped(piece) }
    };
    pieces.map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_becomes_a_tag() {
        assert_eq!(
            prose("a `<b>` & \"c\"\n\n<i>"),
            "<p>a <code>&lt;b&gt;</code> &amp; &quot;c&quot;</p><p>&lt;i&gt;</p>"
        );
        assert_eq!(prose(" "), "");
    }
}
