//! Signing in: one answer whoever is meant, waits that grow, and sessions that end.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use convoke_app::joining::Added;
use convoke_app::store::members::{find_member, set_password};
use convoke_app::store::memberships::Role;
use convoke_app::{Error, Result};

use crate::world::{DAY, PASSWORD, SECOND, World, access_test, chance, client, client_at, later};

fn tried(world: &World, email: &str, password: &str) -> Result<()> {
    world.installation.sign_in(email, password, &client(), chance).map(drop)
}

/// Seconds to wait, if a try must.
fn wait(outcome: &Result<()>) -> Option<u64> {
    match outcome {
        Err(Error::TooManyTries(seconds)) => Some(*seconds),
        _ => None,
    }
}

access_test!(whoever_is_meant_the_answer_is_one, |world| {
    let owner = world.owner();
    let heir = owner.member.id;
    let gone = world.member("gone@example.com", Role::Viewer);
    world.workspace().remove_member(gone, heir).expect("gone");
    let said = |email: &str, password: &str| {
        let error = tried(world, email, password).expect_err("refused");
        (error.code(), error.to_string(), error.hint().map(str::to_owned))
    };
    let wrong = said("anna@example.com", "not her password");
    assert_eq!(wrong.0, "sign_in_failed");
    assert_eq!(said("nobody@example.com", PASSWORD), wrong);
    assert_eq!(said("gone@example.com", PASSWORD), wrong);
    assert_eq!(said("no address at all", PASSWORD), wrong);
});

access_test!(guessing_waits_longer_and_longer_but_never_for_good, |world| {
    world.owner();
    for _ in 0..5 {
        assert_eq!(wait(&tried(world, "anna@example.com", "a guess")), None);
    }
    // The right one waits as well: otherwise guessing would tell it apart.
    assert_eq!(wait(&tried(world, "anna@example.com", PASSWORD)), Some(1));
    assert_eq!(wait(&tried(world, "nobody@example.com", "a guess")), None, "another account");
    let mut waits = Vec::new();
    for _ in 0..9 {
        later(60 * SECOND);
        assert_eq!(wait(&tried(world, "ANNA@example.com", "a guess")), None);
        waits.extend(wait(&tried(world, "anna@example.com", "a guess")));
    }
    assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60, 60, 60]);
    later(60 * SECOND);
    assert_eq!(wait(&tried(world, "anna@example.com", PASSWORD)), None);
    tried(world, "anna@example.com", PASSWORD).expect("and what was wrong is forgotten");
});

access_test!(an_unknown_account_waits_like_a_known_one, |world| {
    let guesses: Vec<_> = (0..7).map(|_| wait(&tried(world, "nobody@example.com", "a guess"))).collect();
    assert_eq!(guesses, [None, None, None, None, None, Some(1), Some(1)]);
});

access_test!(an_address_that_tries_many_accounts_waits_and_others_do_not, |world| {
    world.owner();
    for n in 0..30 {
        assert_eq!(wait(&tried(world, &format!("person{n}@example.com"), "a guess")), None, "{n}");
    }
    assert_eq!(wait(&tried(world, "anna@example.com", PASSWORD)), Some(1));
    let elsewhere = world.installation.sign_in("anna@example.com", PASSWORD, &client_at("198.51.100.1"), chance);
    elsewhere.expect("from another address");
});

access_test!(guesses_at_once_count_as_many, |world| {
    world.owner();
    let judged = std::thread::scope(|scope| {
        let guesses: Vec<_> = (0..16).map(|_| scope.spawn(|| tried(world, "anna@example.com", "a guess"))).collect();
        let outcomes = guesses.into_iter().map(|guess| guess.join().expect("no panic"));
        outcomes.filter(|outcome| wait(outcome).is_none()).count()
    });
    assert_eq!(judged, 5);
});

access_test!(a_session_ends_unused_after_a_week_and_used_after_thirty_days, |world| {
    world.owner();
    let (unused, used) = (world.sign_in("anna@example.com").token, world.sign_in("anna@example.com").token);
    assert_ne!(unused, used);
    for _ in 0..5 {
        later(6 * DAY - SECOND);
        assert!(world.is_signed_in(&used));
    }
    assert!(!world.is_signed_in(&unused));
    later(6 * SECOND);
    assert!(!world.is_signed_in(&used), "thirty days");
    for nonsense in ["", "nonsense", &used[1..]] {
        assert!(!world.is_signed_in(nonsense));
    }
});

access_test!(sessions_are_listed_and_ended_and_only_the_own_ones, |world| {
    world.owner();
    world.member("ben@example.com", Role::Owner);
    let (first, second) = (world.sign_in("anna@example.com"), world.sign_in("anna@example.com"));
    let ben = world.sign_in("ben@example.com");
    let list = second.signed_in.sessions().expect("read");
    assert_eq!(list.iter().filter(|line| line.current).count(), 1);
    assert_eq!((list.len(), list[0].address.as_deref()), (3, Some("192.0.2.7")));
    let foreign = ben.signed_in.end_session(first.signed_in.session.id).expect_err("hers");
    assert_eq!(foreign.code(), "not_found");
    second.signed_in.end_session(first.signed_in.session.id).expect("ended");
    assert!(!world.is_signed_in(&first.token) && world.is_signed_in(&second.token));
    second.signed_in.end().expect("signed out");
    assert!(!world.is_signed_in(&second.token) && world.is_signed_in(&ben.token));
});

access_test!(a_new_password_ends_all_other_sessions, |world| {
    world.owner();
    let (other, this) = (world.sign_in("anna@example.com"), world.sign_in("anna@example.com"));
    let change = |old: &str, new: &str| this.signed_in.change_password(Some(old), new, chance);
    assert_eq!(change("wrong", "a new long password").expect_err("not hers").code(), "sign_in_failed");
    assert_eq!(change(PASSWORD, "short").expect_err("short").code(), "usage");
    assert!(world.is_signed_in(&other.token));
    change(PASSWORD, "a new long password").expect("changed");
    assert!(!world.is_signed_in(&other.token) && world.is_signed_in(&this.token));
    assert!(tried(world, "anna@example.com", PASSWORD).is_err());
    tried(world, "anna@example.com", "a new long password").expect("the new one");
});

access_test!(who_has_left_is_signed_out_everywhere, |world| {
    let anna = world.owner().member.id;
    let ben = world.member("ben@example.com", Role::Manager);
    let session = world.sign_in("ben@example.com");
    world.workspace().remove_member(ben, anna).expect("gone");
    assert!(!world.is_signed_in(&session.token));
    // Somebody who comes back begins anew.
    let added = Added { email: "ben@example.com", name: "Ben", role: Role::Viewer, password: "another long one" };
    world.workspace().add_member(&added, chance).expect("back");
    assert!(!world.is_signed_in(&session.token));
    assert!(tried(world, "ben@example.com", PASSWORD).is_err());
    tried(world, "ben@example.com", "another long one").expect("the new password");
});

access_test!(a_hash_of_old_parameters_is_made_anew_at_sign_in, |world| {
    let anna = world.owner().member.id;
    let store = &world.installation.store;
    let hash = || store.read(|r| find_member(r, anna)).expect("read").expect("there").password_hash.expect("one");
    let today = hash();
    let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).expect("parameters"));
    let old: PasswordHash = cheap.hash_password_with_salt(PASSWORD.as_bytes(), &[1; 16]).expect("hashed");
    store.write(|tx| set_password(tx, anna, &old.to_string())).expect("set");
    assert!(tried(world, "anna@example.com", "of somebody else").is_err());
    assert_eq!(hash(), old.to_string());
    tried(world, "anna@example.com", PASSWORD).expect("signed in");
    assert_eq!(hash().split('$').nth(3), today.split('$').nth(3), "the parameters of today");
    tried(world, "anna@example.com", PASSWORD).expect("and again");
});
