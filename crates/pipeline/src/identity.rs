//! Who a record is about: its e-mail address, or platform and handle. The scan and the check both ask here, so a
//! person counts as repeated exactly where the planner will meet it again.

use convoke_people::also_at::MAX_ACCOUNTS;
use convoke_people::email::Email;
use convoke_people::field::Field;
use convoke_people::handle::{Handle, HandleError, Unusual};
use convoke_people::platform::Platform;
use convoke_people::record_type::IdentityKind;
use convoke_people::text;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::account_columns::{AccountColumns, PieceError};
use crate::defuse::take_back;
use crate::mapping::Target;
use crate::recipe::Recipe;
use crate::records::Record;

/// The columns that say who a record is about.
#[derive(Clone, Debug)]
pub(crate) struct IdentityColumns {
    kind: IdentityKind,
    hash_seed: u64,
    pub(crate) email: Option<usize>,
    pub(crate) platform: Option<usize>,
    pub(crate) handle: Option<usize>,
    pub(crate) profile_url: Option<usize>,
    pub(crate) accounts: AccountColumns,
}

impl IdentityColumns {
    pub(crate) fn of(recipe: &Recipe) -> Self {
        let column = |field| recipe.mapping.column_of(Target::Field(field));
        Self {
            kind: recipe.settings.record_type.identity(),
            hash_seed: recipe.hash_seed,
            email: column(Field::Email),
            platform: column(Field::Platform),
            handle: column(Field::Handle),
            profile_url: column(Field::ProfileUrl),
            accounts: AccountColumns::of(recipe),
        }
    }

    /// Writes the compared identity into `key` and returns its hash, if the record has a valid one.
    pub(crate) fn hash(&self, record: &Record, key: &mut String) -> Option<u64> {
        key.clear();
        match self.kind {
            IdentityKind::Email => {
                let email = Email::parse(cell_text(record, self.email)?).ok()?;
                return Some(identity_hash(&email.key, self.hash_seed));
            }
            IdentityKind::PlatformAndHandle => {
                let account = self.account(record).ok()??;
                write_account_key(&account.handle, key);
            }
        }
        Some(identity_hash(key, self.hash_seed))
    }

    /// Whether the record names a creator by a handle that may be of any platform.
    pub(crate) fn lacks_platform(&self, record: &Record) -> bool {
        self.kind == IdentityKind::PlatformAndHandle
            && matches!(self.account_cells(record).account(), Err(AccountError::PlatformBlank))
    }

    /// The account a record names first: by platform, handle and profile address, else by the columns of platforms.
    pub(crate) fn account(&self, record: &Record) -> Result<Option<Account>, AccountError> {
        let cells = self.account_cells(record);
        match cells.account()? {
            Some(account) => Ok(Some(account)),
            None => self.accounts.first(record, Platform::parse(cells.platform), self.kind),
        }
    }

    /// Notes the hashes of a creator's other accounts, as if each were an identity: of no more than are kept.
    pub(crate) fn note_others(&self, record: &Record, key: &mut String, hashes: &mut Vec<u64>) {
        if self.accounts.is_empty() || self.kind != IdentityKind::PlatformAndHandle {
            return;
        }
        let Ok(Some(main)) = self.account(record) else { return };
        let handles = self.accounts.pieces(record).filter_map(|piece| piece.handle().ok());
        let others = handles.filter(|(handle, _)| !handle.is(&main.handle));
        let first = hashes.len();
        for (other, _) in others {
            key.clear();
            write_account_key(&other, key);
            let hash = identity_hash(key, self.hash_seed);
            if hashes.len() - first < MAX_ACCOUNTS && !hashes[first..].contains(&hash) {
                hashes.push(hash);
            }
        }
    }

    pub(crate) fn account_cells<'a>(&self, record: &'a Record) -> AccountCells<'a> {
        AccountCells {
            platform: cell_text(record, self.platform).unwrap_or_default(),
            handle: cell_text(record, self.handle).unwrap_or_default(),
            profile_url: cell_text(record, self.profile_url).unwrap_or_default(),
        }
    }
}

/// The 64-bit hash under which identities are remembered. Equal hashes are compared in full before they mean anything.
pub(crate) fn identity_hash(key: &str, seed: u64) -> u64 {
    xxh3_64_with_seed(key.as_bytes(), seed)
}

/// `instagram/anna`
pub(crate) fn write_account_key(handle: &Handle, key: &mut String) {
    key.push_str(handle.platform.key());
    key.push('/');
    key.push_str(&handle.key);
}

/// A cell as text, trimmed, a defused formula taken back; None where it is no UTF-8 or the record is too short.
pub(crate) fn cell_text(record: &Record, column: Option<usize>) -> Option<&str> {
    let cell = record.get(column?)?;
    std::str::from_utf8(cell.bytes).ok().map(plain_text)
}

/// Trims, and takes back what [`crate::defuse`] put in front.
pub(crate) fn plain_text(cell: &str) -> &str {
    let trimmed = text::trim(cell);
    if trimmed.starts_with('\'') { text::trim(take_back(trimmed)) } else { trimmed }
}

/// The three cells that name an account.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AccountCells<'a> {
    pub(crate) platform: &'a str,
    pub(crate) handle: &'a str,
    pub(crate) profile_url: &'a str,
}

/// An account and, if it is one of a platform, the column it was read from.
pub(crate) struct Account {
    pub(crate) handle: Handle,
    pub(crate) unusual: Option<Unusual>,
    /// None: platform, handle or profile address.
    pub(crate) column: Option<usize>,
}

/// What keeps the cells from naming an account.
pub(crate) enum AccountError {
    PlatformBlank,
    PlatformUnknown,
    Handle(HandleError),
    ProfileUrl(HandleError),
    /// In a column of a platform.
    Column(usize, PieceError),
}

impl AccountCells<'_> {
    /// The account these cells name; None if handle and profile address are blank.
    pub(crate) fn account(&self) -> Result<Option<Account>, AccountError> {
        let platform = match self.platform {
            "" => None,
            name => Some(Platform::parse(name).ok_or(AccountError::PlatformUnknown)?),
        };
        if self.handle.is_empty() {
            if self.profile_url.is_empty() {
                return Ok(None);
            }
            let found = Handle::from_profile_url(platform, self.profile_url).map_err(AccountError::ProfileUrl)?;
            return Ok(Some(account(found)));
        }
        // A bare handle without a platform may stand beside the address that names it.
        let platform = platform.or_else(|| {
            let (handle, _) = Handle::from_profile_url(None, self.profile_url).ok()?;
            Some(handle.platform)
        });
        match Handle::parse(platform, self.handle) {
            Ok(found) => Ok(Some(account(found))),
            Err(HandleError::PlatformBlank) => Err(AccountError::PlatformBlank),
            Err(error) => Err(AccountError::Handle(error)),
        }
    }
}

fn account((handle, unusual): (Handle, Option<Unusual>)) -> Account {
    Account { handle, unusual, column: None }
}
