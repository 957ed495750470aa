//! Signing in. Whoever guesses waits longer and longer, by account and by address, but nobody is locked out for good. A
//! wrong password, an unknown address and a disabled member get one answer, after the same work.

use std::net::IpAddr;

use convoke_people::email::Email;
use convoke_people::text;
use convoke_store::StoreError;
use convoke_store::audit::{INSTALLATION, add_entry};
use convoke_store::members::{Member, bind_subject, member_of_email, member_of_subject, replace_hash};
use convoke_store::memberships::workspaces_of;
use convoke_store::sign_in_tries::{Tries, book_try, forget_tries, forget_tries_before, forgive_try, tries_of};
use serde_json::json;

use crate::actor::{Actor, Who};
use crate::audit::{self, Action};
use crate::error::{Error, Result};
use crate::installation::Installation;
use crate::outside::oidc::Vouched;
use crate::passwords;
use crate::secrets::{Chance, digest};
use crate::sessions::{NewSession, member_actor};

const SECOND: i64 = 1_000_000;
/// Tries are forgotten after so long.
const FORGET_AFTER: i64 = 24 * 3600 * SECOND;
/// How often a try is booked anew that met another one.
const BOOKINGS: u32 = 20;

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub address: Option<IpAddr>,
    /// What the program calls itself.
    pub program: Option<String>,
}

/// So many tries are free; then each waits twice as long as the one before, up to a longest wait.
struct Patience {
    free: i64,
    longest: i64,
}

/// Few and short: who knows the address of somebody must not be able to keep that person out.
const OF_ACCOUNT: Patience = Patience { free: 5, longest: 60 * SECOND };
/// Many and long: an office shares an address.
const OF_ADDRESS: Patience = Patience { free: 30, longest: 15 * 60 * SECOND };

impl Patience {
    fn wait(&self, failures: i64) -> i64 {
        let over = failures - self.free;
        if over < 0 { 0 } else { (SECOND << over.min(20)).min(self.longest) }
    }
}

/// Whose tries are counted together. The account is told by a digest: typed words are not kept.
struct Subjects {
    account: String,
    address: Option<String>,
}

impl Subjects {
    fn of(email_key: &str, client: &Client) -> Self {
        let name = digest(email_key).iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>();
        Self { account: format!("account {name}"), address: client.address.map(network) }
    }
}

/// An address, or for IPv6 the network one client has for itself.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("address {address}"),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("address {a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

impl Installation {
    /// Signs a member in with a password; gives the new session.
    pub fn sign_in(&self, email: &str, password: &str, client: &Client, chance: Chance) -> Result<NewSession> {
        let email = text::trim(email);
        let key = Email::parse(email).map_or_else(|_| text::key(email), |email| email.key.into_owned());
        let subjects = Subjects::of(&key, client);
        self.book(&subjects)?;
        let member = self.store.read(|r| member_of_email(r, &key))?;
        let member = match self.proven(member, password, chance)? {
            Ok(member) => member,
            Err(known) => return Err(self.refused(known, client)?),
        };
        self.forgive(&subjects)?;
        self.begin_session(member, client, chance)
    }

    /// Signs in the member whom a provider vouches for: by its subject if that is known, else by a verified address, whose
    /// member keeps this subject from then on. Nobody becomes a member by it.
    pub fn sign_in_vouched(&self, vouched: &Vouched, client: &Client, chance: Chance) -> Result<NewSession> {
        let known = self.store.read(|r| member_of_subject(r, &vouched.subject))?;
        let member = match (known, &vouched.email) {
            (Some(member), _) => Some(member),
            (None, Some(email)) => self.bound(email, &vouched.subject)?,
            (None, None) => None,
        };
        match member.filter(|member| member.disabled_at.is_none()) {
            Some(member) => self.begin_session(member, client, chance),
            None => {
                self.refused(None, client)?;
                Err(Error::NotSignedIn {
                    code: "sign_in_failed",
                    message: "Nobody is a member with an address that the provider has verified".to_owned(),
                    hint: "Ask an owner for an invitation to the address you have there.".to_owned(),
                })
            }
        }
    }

    /// The member of an address, which is known by this subject from now on; None if it is known by another one.
    fn bound(&self, email: &str, subject: &str) -> Result<Option<Member>> {
        let Ok(email) = Email::parse(text::trim(email)) else { return Ok(None) };
        let key = email.key.into_owned();
        Ok(self.store.write(|tx| {
            let Some(member) = member_of_email(tx, &key)?.filter(|member| member.disabled_at.is_none()) else {
                return Ok(None);
            };
            Ok(bind_subject(tx, member.id, subject)?.then_some(member))
        })?)
    }

    /// The member whose password this is; else the one that was meant, if there is one.
    fn proven(
        &self,
        member: Option<Member>,
        password: &str,
        chance: Chance,
    ) -> Result<std::result::Result<Member, Option<Member>>> {
        let active = member.filter(|member| member.disabled_at.is_none());
        let hash = active.as_ref().and_then(|member| member.password_hash.clone());
        if !passwords::verify(password, hash.as_deref()) {
            return Ok(Err(active));
        }
        let (Some(member), Some(hash)) = (active, hash) else { return Ok(Err(None)) };
        if passwords::is_outdated(&hash) {
            let new = passwords::hash(password, &chance()?)?;
            self.store.write(|tx| replace_hash(tx, member.id, &hash, &new))?;
        }
        Ok(Ok(member))
    }

    /// Judges a password of somebody who is signed in, as slowly as a sign-in.
    pub(crate) fn prove(&self, member: &Member, password: &str, client: &Client, chance: Chance) -> Result<()> {
        let key = Email::parse(&member.email).map_or_else(|_| text::key(&member.email), |email| email.key.into_owned());
        let subjects = Subjects::of(&key, client);
        self.book(&subjects)?;
        match self.proven(Some(member.clone()), password, chance)? {
            Ok(_) => self.forgive(&subjects),
            Err(known) => Err(self.refused(known, client)?),
        }
    }

    /// One entry whoever was meant, so that it takes as long.
    fn refused(&self, known: Option<Member>, client: &Client) -> Result<Error> {
        let workspaces = known.as_ref().map(|member| self.store.read(|r| workspaces_of(r, member.id))).transpose()?;
        let workspace = workspaces.and_then(|found| found.first().map(|(id, ..)| *id)).unwrap_or(INSTALLATION);
        let object = known.map(|member| member.id.to_string());
        let nobody = Actor { who: Who::Nobody, address: client.address };
        let entry = audit::entry(&self.store, &nobody, Action::SignInFailed, object, json!({}))?;
        self.store.write(|tx| add_entry(tx, workspace, &entry))?;
        Ok(Error::NotSignedIn {
            code: "sign_in_failed",
            message: "E-mail or password is wrong".to_owned(),
            hint: "Check both; upper and lower case count in the password.".to_owned(),
        })
    }

    /// Books a try before it is judged, so that many at once count as many.
    fn book(&self, subjects: &Subjects) -> Result<()> {
        let now = self.store.now();
        let counted = [(subjects.address.as_ref(), OF_ADDRESS), (Some(&subjects.account), OF_ACCOUNT)];
        for _ in 0..BOOKINGS {
            let booked = self.store.write(|tx| {
                forget_tries_before(tx, now - FORGET_AFTER)?;
                let mut seen = Vec::new();
                for (subject, patience) in counted.iter().filter_map(|(s, patience)| s.map(|s| (s, patience))) {
                    seen.push((subject, patience, tries_of(tx, subject)?));
                }
                let free_at = seen.iter().map(|(_, _, tries)| tries.free_at).max().unwrap_or(0);
                if free_at > now {
                    return Ok(free_at - now);
                }
                for (subject, patience, tries) in seen {
                    let failures = tries.failures + 1;
                    let next = Tries { failures, free_at: now + patience.wait(failures) };
                    book_try(tx, subject, tries, next, now)?;
                }
                Ok(0)
            });
            match booked {
                Ok(0) => return Ok(()),
                Ok(wait) => return Err(too_many(wait)),
                Err(StoreError::Stale) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(too_many(SECOND))
    }

    fn forgive(&self, subjects: &Subjects) -> Result<()> {
        Ok(self.store.write(|tx| {
            if let Some(address) = &subjects.address {
                forgive_try(tx, address)?;
            }
            forget_tries(tx, &subjects.account)
        })?)
    }

    /// Writes down what a member did to itself.
    pub(crate) fn note_of_member(
        &self,
        member: &Member,
        workspace: Option<convoke_people::id::WorkspaceId>,
        client: &Client,
        action: Action,
    ) -> Result<()> {
        let actor = member_actor(member, client);
        let entry = audit::entry(&self.store, &actor, action, Some(member.id.to_string()), json!({}))?;
        Ok(self.store.write(|tx| add_entry(tx, workspace.unwrap_or(INSTALLATION), &entry))?)
    }
}

/// Whole seconds, so that whoever waits them has waited enough.
fn too_many(wait: i64) -> Error {
    Error::TooManyTries((wait as u64).div_ceil(SECOND as u64).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<_> = [0, 4, 5, 6, 10, 11, 50].iter().map(|n| OF_ACCOUNT.wait(*n) / SECOND).collect();
        assert_eq!(waits, [0, 0, 1, 2, 32, 60, 60]);
        assert_eq!((OF_ADDRESS.wait(29), OF_ADDRESS.wait(60) / SECOND), (0, 900));
    }

    #[test]
    fn a_client_of_ipv6_is_its_network() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
    }
}
