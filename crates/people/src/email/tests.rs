//! E-mail addresses, a line a case.

use super::*;
use proptest::prelude::*;

fn key(text: &str) -> Result<String, EmailError> {
    Email::parse(text).map(|email| email.key.into_owned())
}

fn accepted(key: &str) -> Result<String, EmailError> {
    Ok(key.to_owned())
}

cases! { key;
    a_plain_address: "anna@example.com" => accepted("anna@example.com");
    case_does_not_count: "Anna.Lee@Example.COM" => accepted("anna.lee@example.com");
    plus_tags_and_dots_stay: "a.nna+x@example.com" => accepted("a.nna+x@example.com");
    an_apostrophe: "o'brien@example.ie" => accepted("o'brien@example.ie");
    every_sign_of_the_standard: "!#$%&`*+/=?^`{|}~@iana.org" => accepted("!#$%&`*+/=?^`{|}~@iana.org");
    a_domain_in_its_script: "user@Bücher.example" => accepted("user@xn--bcher-kva.example");
    a_domain_in_ascii_form: "user@XN--BCHER-KVA.example" => accepted("user@xn--bcher-kva.example");
    a_local_part_in_its_script: "JÖRG@example.com" => accepted("jörg@example.com");
    composition_does_not_count: "jo\u{308}rg@example.com" => accepted("jörg@example.com");
    an_ideographic_full_stop: "用户@例子。example" => accepted("用户@xn--fsqu00a.example");
    a_domain_with_a_joiner_in_place: "a@نامه\u{200C}ای.com" => accepted("a@xn--mgba3gch31f060k.com");
    two_hyphens_in_a_domain: "test@c--n.com" => accepted("test@c--n.com");
    digits_for_a_label: "test@123.com" => accepted("test@123.com");

    nothing: "" => Err(EmailError::Blank);
    no_at: "anna" => Err(EmailError::NoAt);
    two_ats: "anna@@example.com" => Err(EmailError::TwoAts);
    two_addresses: "anna@example.com, bob@example.com" => Err(EmailError::TwoAts);
    no_local_part: "@example.com" => Err(EmailError::NoLocalPart);
    no_domain: "anna@" => Err(EmailError::NoDomain);
    a_blank_inside: "an na@example.com" => Err(EmailError::BlankInside);
    a_no_break_space_inside: "anna\u{A0}@example.com" => Err(EmailError::BlankInside);
    a_zero_width_space_inside: "anna\u{200B}@example.com" => Err(EmailError::Invisible);
    a_zero_width_space_in_the_domain: "anna@exam\u{200B}ple.com" => Err(EmailError::Invisible);
    a_joiner_out_of_place: "anna@exam\u{200C}ple.com" => Err(EmailError::DomainNotInternational);
    a_line_break: "anna@example.com\r\nBcc: x" => Err(EmailError::Control);
    a_nul: "an\0na@example.com" => Err(EmailError::Control);
    a_quoted_local_part: "\"anna\"@example.com" => Err(EmailError::Quoted);
    a_quoted_at: "\"an@na\"@example.com" => Err(EmailError::Quoted);
    a_comment: "anna(home)@example.com" => Err(EmailError::Comment);
    a_name_before: "Anna <anna@example.com>" => Err(EmailError::BlankInside);
    angle_brackets: "<anna@example.com>" => Err(EmailError::AngleBrackets);
    a_leading_dot: ".anna@example.com" => Err(EmailError::LocalPartDots);
    a_trailing_dot: "anna.@example.com" => Err(EmailError::LocalPartDots);
    two_dots: "an..na@example.com" => Err(EmailError::LocalPartDots);
    a_scheme: "mailto:anna@example.com" => Err(EmailError::LocalPartCharacter(':'));
    a_sign_that_hides_a_semicolon: "an\u{37E}na@example.com" => Err(EmailError::LocalPartCharacter(';'));
    a_broken_encoding: "an\u{FFFD}na@example.com" => Err(EmailError::LocalPartCharacter('\u{FFFD}'));
    an_address_literal: "anna@[127.0.0.1]" => Err(EmailError::AddressLiteral);
    an_ip_address: "anna@127.0.0.1" => Err(EmailError::AddressLiteral);
    a_domain_without_dot: "anna@example" => Err(EmailError::DomainWithoutDot);
    an_empty_label: "anna@example..com" => Err(EmailError::DomainDots);
    a_dot_at_the_end: "anna@example.com." => Err(EmailError::DomainDots);
    a_label_that_starts_with_a_hyphen: "anna@-example.com" => Err(EmailError::DomainHyphen);
    a_label_that_ends_with_a_hyphen: "anna@example-.com" => Err(EmailError::DomainHyphen);
    an_underscore_in_the_domain: "anna@exam_ple.com" => Err(EmailError::DomainCharacter('_'));
    a_broken_international_label: "anna@xn--a.com" => Err(EmailError::DomainNotInternational);
    a_local_part_of_65: &format!("{}@example.com", "a".repeat(65)) => Err(EmailError::LocalPartTooLong);
    a_local_part_of_33_letters_and_66_bytes: &format!("{}@example.com", "é".repeat(33)) => Err(EmailError::LocalPartTooLong);
    a_label_of_64: &format!("anna@{}.com", "a".repeat(64)) => Err(EmailError::LabelTooLong);
    an_address_of_255: &format!("anna@{}com", "abcdefg.".repeat(31)[1..].to_owned()) => Err(EmailError::TooLong);
}

#[test]
fn the_longest_address_is_accepted() {
    let longest = format!("anna@{}com", &"abcdefg.".repeat(31)[2..]);
    assert_eq!(longest.len(), ADDRESS_BYTES);
    assert_eq!(key(&longest), accepted(&longest));
}

#[test]
fn a_lower_case_address_is_not_copied() {
    assert!(matches!(Email::parse("anna@example.com"), Ok(Email { key: Cow::Borrowed(_), .. })));
}

proptest! {
    #[test]
    fn a_key_is_its_own_key(text in "[a-zA-ZéÉßİΣς.+;@\u{301}-]{1,6}@[a-zA-ZéÉß.。-]{1,8}\\.[a-zA-Z0-9é]{1,3}") {
        if let Ok(email) = Email::parse(&text) {
            prop_assert_eq!(key(&email.key), accepted(&email.key));
        }
    }

    #[test]
    fn the_short_way_and_the_careful_way_agree(text in "[aZ0.'é\"-]{0,4}@?[aZ0.-]{0,6}\\.?[aZ09-]{0,3}") {
        if plain(text.as_bytes()).is_some() {
            prop_assert_eq!(Email::parse(&text), careful(&text));
        }
    }

    #[test]
    fn any_text_is_judged(text in any::<String>()) {
        let _ = Email::parse(&text);
    }
}
