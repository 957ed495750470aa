//! E-mail addresses: an accepted one is accepted again, as written and as compared, and is the same address then.
//! Invariant: what is read is trimmed, as cells are.

use std::mem::discriminant;
use std::path::Path;

use convoke_people::email::Email;
use convoke_people::text;
use fastrand::Rng;

use crate::corpus;
use crate::{Target, hash_of};

pub(crate) struct Emails;

const SEEDS: &[&str] = &[
    "anna@example.com",
    "Anna.Lee+list@Mail.EXAMPLE.org",
    "jörg@müller.example.com",
    "用户@例子.example",
    "a@xn--mller-kva.example",
    "\"a b\"@example.com",
    "a@[127.0.0.1]",
    "a(b)@example.com",
    "<anna@example.com>",
    "a@b@c.example",
    ".a@-b..example",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example",
];

impl Target for Emails {
    fn seeds(&self, corpora: Option<&Path>) -> Vec<Vec<u8>> {
        let mut seeds = corpus::built_in(SEEDS);
        seeds.extend(corpus::cells(corpora, "email-own"));
        for tests in corpus::files(corpora, "isemail", &["tests.xml"]) {
            let tests = String::from_utf8_lossy(&tests).into_owned();
            let addresses = tests.split("<address>").skip(1).filter_map(|rest| rest.split("</address>").next());
            seeds.extend(addresses.map(|address| address.as_bytes().to_vec()));
        }
        seeds
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "@",
            "..",
            ".",
            "-",
            "--",
            "xn--",
            "+",
            "\"",
            "(",
            "<",
            ">",
            "é",
            "e\u{301}",
            "İ",
            "ß",
            "ς",
            "ﬁ",
            "①",
            "．",
            "。",
            "\u{200D}",
            "\u{AD}",
            "\u{200B}",
            "\u{202E}",
            "\u{A0}",
            "א",
            "ا",
            "१",
            "क्\u{200D}ष",
            "K",
            "Å",
            "example.com",
            ".123",
            "[::1]",
            "mailto:",
            "%40",
        ]
    }

    fn try_input(&self, input: &[u8], _rng: &mut Rng) -> u64 {
        let cell = String::from_utf8_lossy(input);
        let email = match Email::parse(text::trim(&cell)) {
            Ok(email) => email,
            Err(error) => {
                assert!(error.to_string().len() < 200, "an endless sentence");
                return hash_of((false, discriminant(&error)));
            }
        };
        for writing in [email.written, &*email.key] {
            match Email::parse(writing) {
                Ok(again) => assert_eq!(again.key, email.key, "{writing:?} is another address"),
                Err(error) => panic!("{writing:?} of {email:?} is not accepted again: {error}"),
            }
        }
        hash_of((true, email.written == email.key, email.written.is_ascii(), email.key.contains("xn--")))
    }
}
