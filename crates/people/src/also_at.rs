//! Where else somebody can be found: accounts beside the one that is the identity. They stand in one canonical text, so that
//! equal accounts are equal text; they are only ever added up.

use serde::{Deserialize, Serialize};

use crate::handle::Handle;
use crate::platform::Platform;

/// Accounts that are kept of one person.
pub const MAX_ACCOUNTS: usize = 100;

/// An account of a person beside the main one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherAccount {
    pub platform: Platform,
    /// As compared.
    #[serde(rename = "handle")]
    pub key: String,
    /// As shown, where that is not the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shown: Option<String>,
}

impl OtherAccount {
    /// As a person reads it; parsed again with its platform it gives the same key.
    pub fn shown(&self) -> &str {
        self.shown.as_deref().unwrap_or(&self.key)
    }

    /// Whether both are one account, however they are shown.
    pub fn is(&self, other: &Self) -> bool {
        (self.platform, &self.key) == (other.platform, &other.key)
    }

    /// The identity a creator with this account has: `tiktok/anna`.
    pub fn identity(&self) -> String {
        format!("{}/{}", self.platform.key(), self.key)
    }
}

impl From<Handle> for OtherAccount {
    fn from(handle: Handle) -> Self {
        let shown = (handle.display != handle.key).then_some(handle.display);
        Self { platform: handle.platform, key: handle.key, shown }
    }
}

/// Reads what [`write_accounts`] wrote.
pub fn read_accounts(json: &str) -> Vec<OtherAccount> {
    serde_json::from_str(json).unwrap_or_default()
}

/// Adds `new` to the accounts of a person up to [`MAX_ACCOUNTS`], each once; gives the first there was no room for.
pub fn add_accounts(
    accounts: &mut Vec<OtherAccount>,
    new: impl IntoIterator<Item = OtherAccount>,
) -> Option<OtherAccount> {
    let mut left_out = None;
    for account in new {
        if accounts.iter().any(|there| there.is(&account)) {
            continue;
        }
        if accounts.len() < MAX_ACCOUNTS {
            accounts.push(account);
        } else {
            left_out = left_out.or(Some(account));
        }
    }
    left_out
}

/// The one text of these accounts: a JSON list by platform and key, each account once as it was written first. None of none.
pub fn write_accounts(mut accounts: Vec<OtherAccount>) -> Option<String> {
    accounts.sort_by(|a, b| (a.platform, &a.key).cmp(&(b.platform, &b.key)));
    accounts.dedup_by(|later, first| later.is(first));
    if accounts.is_empty() { None } else { serde_json::to_string(&accounts).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(platform: Platform, name: &str) -> OtherAccount {
        Handle::parse(Some(platform), name).expect("a handle").0.into()
    }

    #[test]
    fn accounts_have_one_text_whatever_their_order() {
        let (a, b) = (account(Platform::X, "Ada"), account(Platform::TikTok, "ada"));
        let text = write_accounts(vec![a.clone(), b.clone(), account(Platform::X, "ADA")]).expect("a text");
        let canonical = r#"[{"platform":"tiktok","handle":"ada"},{"platform":"x","handle":"ada","shown":"Ada"}]"#;
        assert_eq!(text, canonical);
        assert_eq!(read_accounts(&text), [b, a]);
        assert_eq!(write_accounts(Vec::new()), None);
    }

    #[test]
    fn a_person_keeps_the_first_hundred_accounts() {
        let mut accounts: Vec<_> = (1..100).map(|number| account(Platform::X, &format!("ada_{number}"))).collect();
        let new = ["ada_1", "hundred", "ADA_2", "over", "further"].map(|name| account(Platform::X, name));
        let left_out = add_accounts(&mut accounts, new.clone());
        assert_eq!((accounts.len(), &accounts[99]), (MAX_ACCOUNTS, &new[1]));
        assert_eq!(left_out.as_ref(), Some(&new[3]));
    }

    #[test]
    fn what_is_shown_is_read_as_the_same_account() {
        for (platform, name) in [(Platform::Facebook, "Ada.Lovelace"), (Platform::LinkedIn, "company/Acme")] {
            let first = account(platform, name);
            assert_eq!(account(platform, first.shown()).identity(), first.identity());
        }
    }
}
