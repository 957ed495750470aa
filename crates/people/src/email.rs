//! E-mail addresses: what is accepted, and the form in which two of them are the same person.
//! A key is its own key, and only an address that mail can be sent to gets one.

use std::borrow::Cow;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

use crate::text;

/// An e-mail address of the form `local-part@domain` (RFC 5321 `Mailbox` with a dot-string, RFC 6531 for non-ASCII).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email<'a> {
    /// The address as it was written; mail goes here.
    pub written: &'a str,
    /// The address as it is compared: local part in NFC and lower case, domain in its ASCII form and lower case.
    /// Dots and plus-tags are kept.
    pub key: Cow<'a, str>,
}

/// What is wrong with an address, in words for the person who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    #[error("it is blank")]
    Blank,
    #[error("there is no @")]
    NoAt,
    #[error("there are two @; write one address a cell")]
    TwoAts,
    #[error("there is nothing before the @")]
    NoLocalPart,
    #[error("there is nothing after the @")]
    NoDomain,
    #[error("there is a blank in it")]
    BlankInside,
    #[error("there is an invisible character in it")]
    Invisible,
    #[error("there is a control character in it")]
    Control,
    #[error("quotes before the @ are not accepted")]
    Quoted,
    #[error("round brackets are not accepted")]
    Comment,
    #[error("angle brackets are not accepted; write the address alone, without a name")]
    AngleBrackets,
    #[error("the part before the @ is longer than 64 bytes")]
    LocalPartTooLong,
    #[error("the part before the @ starts or ends with a dot, or has two dots in a row")]
    LocalPartDots,
    #[error("{0:?} cannot stand before the @")]
    LocalPartCharacter(char),
    #[error("there is an IP address in place of a domain")]
    AddressLiteral,
    #[error("the domain has no dot; write it in full, as in example.com")]
    DomainWithoutDot,
    #[error("the domain starts or ends with a dot, or has two dots in a row")]
    DomainDots,
    #[error("a part of the domain starts or ends with a hyphen")]
    DomainHyphen,
    #[error("{0:?} cannot stand in a domain")]
    DomainCharacter(char),
    #[error("a part of the domain is longer than 63 bytes")]
    LabelTooLong,
    #[error("the domain is not a valid international domain name")]
    DomainNotInternational,
    #[error("it is longer than 254 bytes")]
    TooLong,
}

/// Longest local part in octets, RFC 5321 4.5.3.1.1.
const LOCAL_PART_BYTES: usize = 64;
/// Longest label of a domain in octets, RFC 1035 2.3.4.
const LABEL_BYTES: usize = 63;
/// Longest address in octets: a path of 256 (RFC 5321 4.5.3.1.3) less its angle brackets. It keeps any domain
/// within the 255 octets of RFC 5321 4.5.3.1.2 too.
const ADDRESS_BYTES: usize = 254;

impl<'a> Email<'a> {
    /// Reads an address from a trimmed text.
    ///
    /// # Errors
    /// The first thing found wrong. Valid by RFC 5321 and refused all the same, because no list of people holds
    /// them on purpose: quoted local parts, comments, address literals, domains without a dot.
    pub fn parse(text: &'a str) -> Result<Email<'a>, EmailError> {
        match plain(text.as_bytes()) {
            Some(Case::Lower) => Ok(Email { written: text, key: Cow::Borrowed(text) }),
            Some(Case::Mixed) => Ok(Email { written: text, key: Cow::Owned(text.to_ascii_lowercase()) }),
            None => careful(text),
        }
    }
}

#[derive(Clone, Copy)]
enum Case {
    Lower,
    Mixed,
}

/// Which bytes may stand where in a plain address, by byte.
const CLASS: [u8; 256] = classes();
/// `atext` of RFC 5322 3.2.3, and the dot.
const LOCAL: u8 = 1;
/// Letters, digits, hyphen, dot.
const DOMAIN: u8 = 2;
const LETTER_A_TO_Z_UPPER: u8 = 4;

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 128 {
        let byte = b as u8;
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.' {
            table[b] = LOCAL | DOMAIN;
        }
        if matches!(
            byte,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'/' | b'=' | b'?' | b'^' | b'_' | b'`' | b'{'
                ..=b'~'
        ) {
            table[b] = LOCAL;
        }
        if byte.is_ascii_uppercase() {
            table[b] |= LETTER_A_TO_Z_UPPER;
        }
        b += 1;
    }
    table
}

/// The case of an ASCII address that is surely valid; `None` for every other text, which [`careful`] then judges.
/// It only saves time: millions of addresses pass here and leave without an allocation.
fn plain(bytes: &[u8]) -> Option<Case> {
    let at = bytes.iter().position(|&b| b == b'@')?;
    if at > LOCAL_PART_BYTES || bytes.len() > ADDRESS_BYTES {
        return None;
    }
    let mut seen = 0;
    let mut previous = b'.';
    for &b in &bytes[..at] {
        let class = CLASS[usize::from(b)];
        if class & LOCAL == 0 || (b == b'.' && previous == b'.') {
            return None;
        }
        seen |= class;
        previous = b;
    }
    if previous == b'.' {
        return None;
    }
    let domain = &bytes[at + 1..];
    let mut label_start = 0;
    previous = b'.';
    for (i, &b) in domain.iter().enumerate() {
        let class = CLASS[usize::from(b)];
        // Two hyphens may be an international domain name, which has rules of its own.
        let bad_pair = matches!((previous, b), (b'.', b'.' | b'-') | (b'-', b'.' | b'-'));
        if class & DOMAIN == 0 || bad_pair {
            return None;
        }
        if b == b'.' {
            if i - label_start > LABEL_BYTES {
                return None;
            }
            label_start = i + 1;
        }
        seen |= class;
        previous = b;
    }
    let top = &domain[label_start..];
    let top_is_good =
        label_start > 0 && top.len() <= LABEL_BYTES && previous.is_ascii_alphanumeric() && !is_number(top);
    top_is_good.then_some(if seen & LETTER_A_TO_Z_UPPER == 0 { Case::Lower } else { Case::Mixed })
}

fn is_number(label: &[u8]) -> bool {
    label.iter().all(u8::is_ascii_digit)
}

/// Judges any text, slowly, and says what is wrong with it.
fn careful(text: &str) -> Result<Email<'_>, EmailError> {
    if text.is_empty() {
        return Err(EmailError::Blank);
    }
    let (local, domain) = text.split_once('@').ok_or(EmailError::NoAt)?;
    if local.contains('"') {
        return Err(EmailError::Quoted);
    }
    if domain.contains('@') {
        return Err(EmailError::TwoAts);
    }
    for c in text.chars() {
        // IDNA knows where in a domain the two joiners belong.
        let joiner = matches!(c, '\u{200C}' | '\u{200D}') && !local.contains(c);
        match c {
            '(' | ')' => return Err(EmailError::Comment),
            '<' | '>' => return Err(EmailError::AngleBrackets),
            '\n' | '\r' => return Err(EmailError::Control),
            _ if text::is_control(c) => return Err(EmailError::Control),
            _ if c.is_whitespace() => return Err(EmailError::BlankInside),
            _ if text::is_invisible(c) && !joiner => return Err(EmailError::Invisible),
            _ => {}
        }
    }
    let local_key = local_part(local)?;
    let domain_key = ascii_domain(domain)?;
    let longest_local = local.len().max(local_key.len());
    if longest_local + 1 + domain_key.len() > ADDRESS_BYTES {
        return Err(EmailError::TooLong);
    }
    let key = format!("{local_key}@{domain_key}");
    let key = if key == text { Cow::Borrowed(text) } else { Cow::Owned(key) };
    Ok(Email { written: text, key })
}

/// The compared form of a local part without blanks and controls.
fn local_part(local: &str) -> Result<String, EmailError> {
    if local.is_empty() {
        return Err(EmailError::NoLocalPart);
    }
    // Judged in the compared form too: some non-ASCII characters become ASCII ones there (U+037E becomes `;`),
    // some grow, and a key has to be an address itself.
    let key = text::fold(local);
    if local.len().max(key.len()) > LOCAL_PART_BYTES {
        return Err(EmailError::LocalPartTooLong);
    }
    let refused = |c: char| c == '\u{FFFD}' || (c.is_ascii() && CLASS[c as usize] & LOCAL == 0);
    if let Some(c) = key.chars().find(|&c| refused(c)) {
        return Err(EmailError::LocalPartCharacter(c));
    }
    if key.split('.').any(str::is_empty) {
        return Err(EmailError::LocalPartDots);
    }
    Ok(key)
}

/// The ASCII, lower-case form of a domain of at least two labels (UTS 46, non-transitional; RFC 1123 2.1 host names).
///
/// # Errors
/// The first thing found wrong; the length of the whole is not judged here.
pub(crate) fn ascii_domain(domain: &str) -> Result<Cow<'_, str>, EmailError> {
    if domain.is_empty() {
        return Err(EmailError::NoDomain);
    }
    if domain.starts_with('[') {
        return Err(EmailError::AddressLiteral);
    }
    let ascii = Uts46::new()
        .to_ascii(domain.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow, DnsLength::Ignore)
        .map_err(|_| EmailError::DomainNotInternational)?;
    if let Some(c) = ascii.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.')) {
        return Err(EmailError::DomainCharacter(c));
    }
    if !ascii.contains('.') {
        return Err(EmailError::DomainWithoutDot);
    }
    for label in ascii.split('.') {
        if label.is_empty() {
            return Err(EmailError::DomainDots);
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(EmailError::DomainHyphen);
        }
        if label.len() > LABEL_BYTES {
            return Err(EmailError::LabelTooLong);
        }
    }
    match ascii.rsplit('.').next() {
        Some(top) if is_number(top.as_bytes()) => Err(EmailError::AddressLiteral),
        _ => Ok(ascii),
    }
}

#[cfg(test)]
mod tests;
