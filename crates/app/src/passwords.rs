//! Passwords: what may be one, and their hashes (Argon2id). Hashes carry their parameters; one of older parameters is made
//! anew when the password is shown next.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier};
use zxcvbn::{Score, zxcvbn};

use crate::error::{Error, Result};
use crate::secrets::SECRET_BYTES;

const SHORTEST: usize = 8;
const LONGEST: usize = 200;

/// 19 MiB, two passes: what OWASP's cheat sheet on password storage asks for at least.
fn hasher() -> Argon2<'static> {
    Argon2::default()
}

/// Refuses what is too short, too long, or guessed within a million tries: the 30,000 commonest passwords and words with what
/// people do to them. No rules of composition (ASVS 6.2.4, 6.2.5).
pub fn check_password(password: &str) -> Result<()> {
    let chars = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&chars) {
        let message = format!("A password has {SHORTEST} to {LONGEST} characters; this one has {chars}");
        return Err(Error::usage(message, "Several words in a row are easy to remember and hard to guess."));
    }
    if zxcvbn(password, &["convoke"]).score() < Score::Two {
        let message = "This password is one of those that are guessed first";
        return Err(Error::usage(message, "Choose another one; several words in a row are good."));
    }
    Ok(())
}

/// The hash of a password, with its parameters. Takes some ten milliseconds and 19 MB.
pub(crate) fn hash(password: &str, chance: &[u8; SECRET_BYTES]) -> Result<String> {
    let made: argon2::password_hash::Result<PasswordHash> =
        hasher().hash_password_with_salt(password.as_bytes(), &chance[..16]);
    made.map(|hash| hash.to_string()).map_err(|e| Error::Output(format!("cannot hash a password: {e}")))
}

/// Whether this is the password of the hash. Without a hash it takes as long, and is not.
pub(crate) fn verify(password: &str, hash: Option<&str>) -> bool {
    let parsed = hash.and_then(|hash| PasswordHash::new(hash).ok());
    let Some(parsed) = parsed else {
        let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
        let _ = hasher().hash_password_into(password.as_bytes(), b"nobody's salt", &mut out);
        return false;
    };
    hasher().verify_password(password.as_bytes(), &parsed).is_ok()
}

/// Whether a hash was made with other parameters than today's.
pub(crate) fn is_outdated(hash: &str) -> bool {
    let parsed = PasswordHash::new(hash).ok();
    let params = parsed.as_ref().and_then(|hash| Params::try_from(hash).ok());
    params.is_none_or(|params| {
        let now = hasher();
        let now = now.params();
        (params.m_cost(), params.t_cost(), params.p_cost()) != (now.m_cost(), now.t_cost(), now.p_cost())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_and_no_other_is() {
        let hash = hash("correct horse battery", &[7; 32]).expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse battery", Some(&hash)));
        // Exactly as it was sent: nothing is cut, and nothing made equal.
        for other in
            ["correct horse batterz", "Correct horse battery", " correct horse battery", "correct horse battery "]
        {
            assert!(!verify(other, Some(&hash)), "{other:?}");
        }
        let long = self::hash(&"x".repeat(200), &[7; 32]).expect("hashed");
        assert!(verify(&"x".repeat(200), Some(&long)) && !verify(&"x".repeat(199), Some(&long)));
        assert!(!verify("correct horse battery", None));
        assert!(!is_outdated(&hash));
    }

    #[test]
    fn a_hash_of_weaker_parameters_is_outdated_and_still_good() {
        let weak = Argon2::new(
            argon2::Algorithm::Argon2id,
            argon2::Version::V0x13,
            Params::new(8, 1, 1, None).expect("parameters"),
        );
        let hash: PasswordHash = weak.hash_password_with_salt(b"a password of old", &[1; 16]).expect("hashed");
        let hash = hash.to_string();
        assert!(is_outdated(&hash) && verify("a password of old", Some(&hash)));
    }

    #[test]
    fn short_long_and_common_passwords_are_refused_and_no_composition_is_asked_for() {
        for bad in [
            "",
            "1234567",
            "Password1",
            "QWERTYUIOP",
            "liverpool1",
            "31415926",
            "aaaaaaab",
            "convoke2026",
            "P@ssw0rd",
            &"x".repeat(201),
        ] {
            assert!(check_password(bad).is_err(), "{bad}");
        }
        for good in ["ganz ohne ziffern", "kvqjxwzp", &"éà".repeat(100)] {
            assert!(check_password(good).is_ok(), "{good}");
        }
    }
}
