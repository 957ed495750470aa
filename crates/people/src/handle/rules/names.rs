//! The rule of each kind of name: what it may consist of, what is odd about it, how it is compared.
//! A name that passes its hard rule has a key that is not empty.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use unicode_normalization::char::is_combining_mark;

use super::Rule;
use crate::email::ascii_domain;
use crate::text;

/// The most common answers; each platform replaces what it does otherwise.
const PLAIN: Rule = Rule {
    space: "",
    shown: "",
    tidy: as_written,
    hard: |name| !name.is_empty(),
    accepted: "",
    soft: |_| None,
    key: lower,
};

fn as_written(name: &str) -> Cow<'_, str> {
    Cow::Borrowed(name)
}

fn lower(name: &str) -> Cow<'_, str> {
    Cow::Owned(name.to_ascii_lowercase())
}

fn folded(name: &str) -> Cow<'_, str> {
    Cow::Owned(text::fold(name))
}

/// Whether a name is of this many ASCII letters, digits and other signs.
fn is_ascii_name(name: &str, length: RangeInclusive<usize>, signs: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || signs.as_bytes().contains(&b);
    length.contains(&name.len()) && name.bytes().all(fits)
}

/// Whether a name is of this many letters and digits of any script, and other signs.
fn is_name_of_any_script(name: &str, length: RangeInclusive<usize>, signs: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || is_combining_mark(c) || signs.contains(c);
    length.contains(&name.chars().count()) && name.chars().all(fits)
}

fn is_digits(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit())
}

fn ends_with_any(name: &str, signs: &[char]) -> bool {
    name.starts_with(signs) || name.ends_with(signs)
}

pub(super) const INSTAGRAM: Rule = Rule {
    // Points alone are no account but a gap somebody filled.
    hard: |name| is_ascii_name(name, 1..=30, "._") && name.contains(|c| c != '.'),
    accepted: "an Instagram handle has 1 to 30 letters a-z, digits, points and underscores",
    soft: |name| {
        let odd = ends_with_any(name, &['.']) || name.contains("..");
        odd.then_some("Instagram handles do not start or end with a point or have two in a row")
    },
    ..PLAIN
};

pub(super) const THREADS: Rule = Rule {
    accepted: "a Threads handle has 1 to 30 letters a-z, digits, points and underscores",
    soft: |name| {
        let odd = ends_with_any(name, &['.']) || name.contains("..");
        odd.then_some("Threads handles do not start or end with a point or have two in a row")
    },
    ..INSTAGRAM
};

pub(super) const TIKTOK: Rule = Rule {
    hard: |name| is_ascii_name(name, 1..=30, "._") && !name.ends_with('.'),
    accepted: "a TikTok handle has 1 to 30 letters a-z, digits, points and underscores, and no point at the end",
    soft: |name| (!(2..=24).contains(&name.len())).then_some("TikTok handles have 2 to 24 characters"),
    ..PLAIN
};

pub(super) const YOUTUBE: Rule = Rule {
    hard: |name| is_name_of_any_script(name, 3..=30, "_-.·"),
    accepted: "a YouTube handle has 3 to 30 letters and digits of any script, _ - . and ·",
    soft: unusual_for_youtube,
    key: folded,
    ..PLAIN
};

fn unusual_for_youtube(name: &str) -> Option<&'static str> {
    let separators = ['_', '-', '.', '·'];
    let is_separator_or_digit = |c: char| c.is_ascii_digit() || separators.contains(&c);
    let lower = name.to_ascii_lowercase();
    if ends_with_any(name, &separators) {
        Some("YouTube handles do not start or end with _ - . or ·")
    } else if name.chars().all(is_separator_or_digit) && name.bytes().filter(u8::is_ascii_digit).count() >= 7 {
        Some("YouTube handles do not look like a telephone number")
    } else if lower.starts_with("www.") || [".com", ".net", ".org", ".tv"].iter().any(|end| lower.ends_with(end)) {
        Some("YouTube handles do not look like a web address")
    } else if mixes_scripts(name) {
        Some("YouTube handles do not mix scripts")
    } else {
        None
    }
}

/// Whether letters of several scripts stand in a name, as far as the blocks that tell look-alikes apart go.
fn mixes_scripts(name: &str) -> bool {
    let script = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => Some("Latin"),
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => Some("Greek"),
        '\u{400}'..='\u{52F}' => Some("Cyrillic"),
        '\u{530}'..='\u{58F}' => Some("Armenian"),
        '\u{590}'..='\u{5FF}' => Some("Hebrew"),
        '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' => Some("Arabic"),
        '\u{900}'..='\u{DFF}' => Some("Indic"),
        '\u{E00}'..='\u{E7F}' => Some("Thai"),
        // Japanese and Korean are written with Han characters among their own.
        '\u{1100}'..='\u{11FF}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => {
            Some("East Asian")
        }
        _ => None,
    };
    let mut scripts = name.chars().filter(|c| c.is_alphabetic()).filter_map(script);
    let first = scripts.next();
    scripts.any(|other| Some(other) != first)
}

/// `youtube.com/anna`: leads to the handle for most channels, and to an older custom address for some.
pub(super) const YOUTUBE_BARE: Rule =
    Rule { soft: |_| Some("the address has no @; it was taken for the YouTube handle of that name"), ..YOUTUBE };

pub(super) const YOUTUBE_CHANNEL: Rule = Rule {
    space: "id:",
    hard: |name| name.starts_with("UC") && is_ascii_name(name, 24..=24, "_-"),
    accepted: "a YouTube channel ID is UC and 22 letters a-z, digits, _ and -",
    key: as_written,
    ..PLAIN
};

pub(super) const YOUTUBE_USER: Rule = Rule {
    space: "u:",
    shown: "user/",
    hard: |name| is_name_of_any_script(name, 1..=100, "_-.·"),
    accepted: "a YouTube user name has letters and digits of any script, _ - . and ·",
    key: folded,
    ..PLAIN
};

pub(super) const YOUTUBE_CUSTOM: Rule = Rule { space: "c:", shown: "c/", ..YOUTUBE_USER };

pub(super) const X: Rule = Rule {
    hard: |name| is_ascii_name(name, 1..=15, "_"),
    accepted: "an X handle has 1 to 15 letters a-z, digits and underscores",
    soft: |name| (name.len() < 4).then_some("X handles have at least 4 characters"),
    ..PLAIN
};

pub(super) const TWITCH: Rule = Rule {
    hard: |name| is_ascii_name(name, 1..=25, "_"),
    accepted: "a Twitch handle has 1 to 25 letters a-z, digits and underscores",
    soft: |name| (name.len() < 4).then_some("Twitch handles have 4 to 25 characters"),
    ..PLAIN
};

pub(super) const FACEBOOK: Rule = Rule {
    hard: |name| is_ascii_name(name, 1..=50, ".") && name.contains(|c| c != '.'),
    accepted: "a Facebook handle has 1 to 50 letters a-z, digits and points, or is a number",
    soft: |name| {
        if !name.contains(|c: char| c.is_ascii_alphabetic()) {
            Some("Facebook handles have at least one letter")
        } else {
            (name.bytes().filter(|&b| b != b'.').count() < 5)
                .then_some("Facebook handles have at least 5 letters and digits")
        }
    },
    // Facebook: "periods and capitalization do not distinguish".
    key: |name| Cow::Owned(name.replace('.', "").to_ascii_lowercase()),
    ..PLAIN
};

pub(super) const FACEBOOK_ID: Rule = Rule {
    space: "id:",
    tidy: |name| match name.rsplit_once('-') {
        // Pages without a handle: `Cafe-Anna-100064812345678`.
        Some((slug, id)) if id.len() >= 9 && slug.contains(char::is_alphabetic) && is_digits(id) => Cow::Borrowed(id),
        _ => Cow::Borrowed(name),
    },
    hard: |name| is_digits(name) && name.len() <= 50,
    accepted: "a Facebook ID is a number",
    key: as_written,
    ..PLAIN
};

pub(super) const PINTEREST: Rule = Rule {
    hard: |name| is_ascii_name(name, 1..=30, "_"),
    accepted: "a Pinterest handle has 1 to 30 letters a-z, digits and underscores",
    soft: |name| {
        (name.len() < 3 || is_digits(name)).then_some("Pinterest handles have at least 3 characters, not only digits")
    },
    ..PLAIN
};

pub(super) const SNAPCHAT: Rule = Rule {
    hard: |name| is_ascii_name(name, 1..=15, "._-") && name.starts_with(|c: char| c.is_ascii_alphabetic()),
    accepted: "a Snapchat handle has 1 to 15 letters a-z, digits, points, _ and -, and starts with a letter",
    soft: |name| {
        (name.len() < 3 || name.ends_with(['.', '_', '-']))
            .then_some("Snapchat handles have at least 3 characters and end with a letter or digit")
    },
    ..PLAIN
};

pub(super) const LINKEDIN: Rule = Rule {
    hard: |name| is_name_of_any_script(name, 1..=100, "-_"),
    accepted: "a LinkedIn handle has 1 to 100 letters and digits of any script, - and _",
    soft: |name| {
        let odd = name.chars().count() < 3 || name.to_ascii_lowercase().contains("linkedin");
        odd.then_some("LinkedIn handles have at least 3 characters and do not contain \"linkedin\"")
    },
    key: folded,
    ..PLAIN
};

pub(super) const LINKEDIN_COMPANY: Rule = Rule {
    space: "company:",
    shown: "company/",
    // Wider than for people: booking.com has its point there.
    hard: |name| is_name_of_any_script(name, 1..=100, "-_.&+'"),
    accepted: "a LinkedIn company has 1 to 100 letters and digits of any script, - _ . & + and '",
    soft: |_| None,
    ..LINKEDIN
};

pub(super) const LINKEDIN_SCHOOL: Rule = Rule {
    space: "school:",
    shown: "school/",
    accepted: "a LinkedIn school has 1 to 100 letters and digits of any script, - _ . & + and '",
    ..LINKEDIN_COMPANY
};

pub(super) const BLUESKY: Rule = Rule {
    tidy: |name| {
        if name.contains(['.', ':']) { Cow::Borrowed(name) } else { Cow::Owned(format!("{name}.bsky.social")) }
    },
    hard: |name| is_did(name) || is_bluesky_domain(name),
    accepted: "a Bluesky handle is a domain like anna.bsky.social, a name at bsky.social, or a DID",
    ..PLAIN
};

/// The two methods of <https://atproto.com/specs/did>.
fn is_did(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    match (lower.strip_prefix("did:plc:"), lower.strip_prefix("did:web:")) {
        (Some(id), _) => id.len() == 24 && id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7')),
        (_, Some(domain)) => is_bluesky_domain(domain),
        _ => false,
    }
}

/// The handle syntax of <https://atproto.com/specs/handle>.
fn is_bluesky_domain(name: &str) -> bool {
    let is_label = |label: &str| is_ascii_name(label, 1..=63, "-") && !ends_with_any(label, &['-']);
    let Some((_, top)) = name.rsplit_once('.') else {
        return false;
    };
    let refused = ["local", "arpa", "invalid", "localhost", "internal", "example", "alt", "onion"];
    let top_fits =
        top.starts_with(|c: char| c.is_ascii_alphabetic()) && !refused.iter().any(|t| t.eq_ignore_ascii_case(top));
    name.len() <= 253 && top_fits && name.split('.').all(is_label)
}

pub(super) const MASTODON: Rule = Rule {
    tidy: |name| match name.split_once('@').map(|(user, host)| (user, ascii_domain(host))) {
        Some((user, Ok(host))) => Cow::Owned(format!("{user}@{host}")),
        _ => Cow::Borrowed(name),
    },
    hard: |name| match name.split_once('@') {
        Some((user, host)) => {
            is_ascii_name(user, 1..=255, "_.-") && !ends_with_any(user, &['.', '-']) && ascii_domain(host).is_ok()
        }
        None => false,
    },
    accepted: "a Mastodon handle names user and server, as in anna@mastodon.social",
    soft: |name| {
        let user = name.split('@').next().unwrap_or_default();
        (user.len() > 30).then_some("Mastodon users have at most 30 characters")
    },
    ..PLAIN
};
