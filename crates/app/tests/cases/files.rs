//! Files that are too large or too odd to be kept in a repository, written from short lines.

/// The lines as a file with CRLF. `{ab*3}` is `ababab`, `{byte:FF}` one byte.
pub(crate) fn generate(lines: &[String]) -> Vec<u8> {
    let mut file = Vec::new();
    for line in lines {
        push_line(line, &mut file);
        file.extend_from_slice(b"\r\n");
    }
    file
}

fn push_line(line: &str, file: &mut Vec<u8>) {
    let mut rest = line;
    while let Some(open) = rest.find('{') {
        file.extend_from_slice(&rest.as_bytes()[..open]);
        let close = open + rest[open..].find('}').expect("a closed brace");
        let inside = &rest[open + 1..close];
        match (inside.strip_prefix("byte:"), inside.rsplit_once('*')) {
            (Some(hex), _) => file.push(u8::from_str_radix(hex, 16).expect("two hexadecimal digits")),
            (None, Some((text, times))) => {
                file.extend_from_slice(text.repeat(times.parse().expect("a number of times")).as_bytes());
            }
            _ => panic!("{{{inside}}} is neither text*times nor byte:XX"),
        }
        rest = &rest[close + 1..];
    }
    file.extend_from_slice(rest.as_bytes());
}

/// A CSV file with CRLF; every cell that needs quotes gets them.
pub(crate) fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut file = Vec::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                file.push(b',');
            }
            if cell.contains(['"', ',', '\n', '\r']) {
                file.push(b'"');
                file.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                file.push(b'"');
            } else {
                file.extend_from_slice(cell.as_bytes());
            }
        }
        file.extend_from_slice(b"\r\n");
    }
    file
}

#[test]
fn braces_repeat_text_and_write_bytes() {
    let lines = ["Name,Notes".to_owned(), "Anna,{ab*3}{byte:FF}".to_owned()];
    assert_eq!(generate(&lines), b"Name,Notes\r\nAnna,ababab\xFF\r\n");
}
