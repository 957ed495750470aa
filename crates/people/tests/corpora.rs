//! The shared corpora of addresses and handles, by the rules of their `SOURCES.md`: every verdict is met.
//! `CONVOKE_CORPORA` names their directory; without it these tests say so and pass.

use std::fs;

use convoke_people::email::Email;
use convoke_people::handle::Handle;
use convoke_people::platform::Platform;
use convoke_people::text;
use convoke_testbed::corpora;

/// The text of a file of a set; `None` if no corpora were given.
fn corpus(set: &str, file: &str) -> Option<String> {
    let path = corpora::folder(set)?.join(file);
    let read = fs::read_to_string(&path);
    Some(read.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// The rows of a tab-separated file behind its comments and header.
fn rows(tsv: &str) -> Vec<Vec<&str>> {
    let lines = tsv.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| line.split('\t').collect()).collect()
}

fn person(cell: &str) -> Option<String> {
    Email::parse(text::trim(cell)).ok().map(|email| email.key.into_owned())
}

#[test]
fn own_addresses_of_the_corpus_get_their_verdict() {
    let Some(tsv) = corpus("email-own", "addresses.tsv") else {
        return;
    };
    let rows = rows(&tsv);
    assert!(rows.len() >= 39, "only {} rows", rows.len());
    let cases = rows.len();
    let mut wrong = Vec::new();
    for row in rows {
        let (verdict, cell) = (row[0], row[1].replace("\\r\\n", "\r\n"));
        let met = match verdict.split_once(':') {
            Some(("same", other)) => person(&cell).is_some() && person(&cell) == person(other),
            _ if verdict == "accept" => person(&cell).is_some(),
            _ => verdict == "refuse" && person(&cell).is_none(),
        };
        if !met {
            wrong.push(row);
        }
    }
    corpora::report("email-own", cases, cases - wrong.len(), &[]);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What stands in the first element of this name in a piece of XML, with its entities resolved.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, behind) = xml.split_once(&format!("<{name}>"))?;
    let (content, _) = behind.split_once(&format!("</{name}>"))?;
    let mut resolved = String::new();
    let mut rest = content;
    while let Some((before, behind)) = rest.split_once('&') {
        let (entity, behind) = behind.split_once(';').expect("an entity ends");
        resolved.push_str(before);
        resolved.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            _ => {
                let digits = entity.strip_prefix("#x").expect("a known entity");
                char::from_u32(u32::from_str_radix(digits, 16).expect("hexadecimal")).expect("a character")
            }
        });
        rest = behind;
    }
    Some(resolved + rest)
}

/// The corpus writes control characters as their pictures.
fn with_controls(address: &str) -> String {
    let control = |c: char| match c {
        '\u{2400}'..='\u{241F}' => char::from(c as u8),
        _ => c,
    };
    address.chars().map(control).collect()
}

#[test]
fn the_corpus_isemail_agrees_except_where_the_rules_are_stricter() {
    let Some(xml) = corpus("isemail", "tests.xml") else {
        return;
    };
    let tests: Vec<&str> = xml.split("<test id=").skip(1).collect();
    assert_eq!(tests.len(), 164);
    let mut wrong = Vec::new();
    let (mut accepted, mut stricter) = (0, Vec::new());
    for test in tests {
        let address = with_controls(&element(test, "address").unwrap_or_default());
        let category = element(test, "category").expect("every test has a category");
        let is_accepted = Email::parse(&address).is_ok();
        // A campaign list refuses domains without a dot, quoted local parts and address literals.
        let is_refused_by_rule = match address.rsplit_once('@') {
            Some((local, domain)) => !domain.contains('.') || local.contains('"') || domain.starts_with('['),
            None => true,
        };
        let met = match category.as_str() {
            "ISEMAIL_ERR" => !is_accepted,
            "ISEMAIL_VALID_CATEGORY" => is_accepted || is_refused_by_rule,
            _ => true,
        };
        accepted += usize::from(is_accepted);
        if category == "ISEMAIL_VALID_CATEGORY" && !is_accepted {
            stricter.push(address.clone());
        }
        if !met {
            wrong.push((category, address));
        }
    }
    let reason = "valid, and refused as the pass rule allows: a quoted local part or a domain without a dot";
    let stricter: Vec<(&str, &str)> = stricter.iter().map(|address| (address.as_str(), reason)).collect();
    corpora::report("isemail", 164, 164 - wrong.len(), &stricter);
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(accepted >= 13, "only {accepted} accepted");
}

#[test]
fn own_handles_of_the_corpus_meet_in_one_identity() {
    let Some(tsv) = corpus("handles-own", "handles.tsv") else {
        return;
    };
    let rows = rows(&tsv);
    assert!(rows.len() >= 15, "only {} rows", rows.len());
    let cases = rows.len();
    let mut wrong = Vec::new();
    for row in rows {
        let &[platform, key, written_platform, written, ..] = row.as_slice() else {
            panic!("too few cells: {row:?}");
        };
        let parsed = Handle::parse(Platform::parse(written_platform), written);
        let met = matches!(&parsed, Ok((handle, None)) if handle.platform.key() == platform && handle.key == key);
        if !met {
            wrong.push((written, parsed));
        }
    }
    corpora::report("handles-own", cases, cases - wrong.len(), &[]);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
