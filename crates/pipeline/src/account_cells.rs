//! Platform, handle and profile address of a row, which are read together: a bare handle needs its platform, an
//! address says both.

use convoke_people::also_at::{MAX_ACCOUNTS, OtherAccount, add_accounts, write_accounts};
use convoke_people::field::{Field, MAX_LONG_CHARS};
use convoke_people::handle::HandleError;
use convoke_people::platform::Platform;
use convoke_people::record_type::IdentityKind;

use crate::account_columns::PieceError;
use crate::checking::{CellAt, Checker, Draft, text_of};
use crate::chunk::{CheckedChunk, Span};
use crate::identity::{Account, AccountError, write_account_key};
use crate::issue::{Issue, IssueCode};
use crate::records::Record;

impl Checker<'_> {
    pub(crate) fn account(&mut self, record: &Record, chunk: &mut CheckedChunk, draft: &mut Draft) {
        let layout = &self.recipe.layout;
        let (Some(platform), Some(handle)) = (layout.slot_of(Field::Platform), layout.slot_of(Field::Handle)) else {
            return;
        };
        let cells = self.identity.account_cells(record);
        let is_identity = self.recipe.settings.record_type.identity() == IdentityKind::PlatformAndHandle;
        let is_cleared = self.is_clear(cells.handle) || cells.handle.is_empty() && self.is_clear(cells.platform);
        if is_cleared && !is_identity {
            chunk.values[draft.first_value + platform] = Span::CLEAR;
            chunk.values[draft.first_value + handle] = Span::CLEAR;
            self.also_at(record, &Ok(None), chunk, draft);
            return;
        }
        let account = self.identity.account(record);
        self.also_at(record, &account, chunk, draft);
        match account {
            Ok(None) if is_identity || cells.platform.is_empty() => {}
            Ok(None) => {
                let issue = self.at(self.identity.platform, Issue::new(IssueCode::ValueIgnored)).value(cells.platform);
                draft.issues.push(issue.detail("There is no handle beside it."));
            }
            Ok(Some(account)) => {
                chunk.values[draft.first_value + platform] = chunk.push(&account.handle.platform.code().to_string());
                chunk.values[draft.first_value + handle] = chunk.push(&account.handle.display);
                draft.issues.extend(self.unusual(&account));
                if is_identity {
                    self.key.clear();
                    write_account_key(&account.handle, &mut self.key);
                    draft.identity = chunk.push(&self.key);
                }
            }
            Err(error) => {
                draft.identity_error |= is_identity;
                let (code, column, detail) = self.account_error(&error);
                let value = record.get(column).map(text_of).unwrap_or_default();
                let code = if is_identity { code } else { IssueCode::ValueIgnored };
                let issue = Issue::new(code).column(self.recipe.header(column)).detail(detail);
                draft.issues.push(if value.is_empty() { issue } else { issue.value(value) });
            }
        }
    }

    fn unusual(&self, account: &Account) -> Option<Issue> {
        let unusual = account.unusual.as_ref()?;
        let issue = Issue::new(IssueCode::HandleUnusual).value(&account.handle.display).detail(unusual.reason);
        Some(self.at(account.column.or(self.identity.handle).or(self.identity.profile_url), issue))
    }

    /// The accounts in columns of platforms, without the one the row is about. One that is wrong is left out.
    fn also_at(
        &self,
        record: &Record,
        main: &Result<Option<Account>, AccountError>,
        chunk: &mut CheckedChunk,
        draft: &mut Draft,
    ) {
        let Some(slot) = self.recipe.layout.slot_of(Field::AlsoAt) else { return };
        let is_identity = self.recipe.settings.record_type.identity() == IdentityKind::PlatformAndHandle;
        let (mut others, mut is_full) = (Vec::new(), false);
        for piece in self.identity.accounts.pieces(record) {
            match (piece.handle(), main) {
                // Said as the error of the row.
                (Err(_), Err(AccountError::Column(column, _))) if *column == piece.column => {}
                (Err(error), _) => {
                    let issue = Issue::new(IssueCode::ValueIgnored).value(piece.text).detail(error);
                    draft.issues.push(self.at(Some(piece.column), issue));
                }
                (Ok((handle, _)), Ok(Some(main))) if handle.is(&main.handle) => {}
                (Ok((handle, unusual)), _) => {
                    let account = Account { handle, unusual, column: Some(piece.column) };
                    let unusual = self.unusual(&account);
                    match add_accounts(&mut others, [account.handle.into()]) {
                        None => draft.issues.extend(unusual),
                        Some(_) if std::mem::replace(&mut is_full, true) => {}
                        Some(other) => draft.issues.push(no_room(&other).column(self.recipe.header(piece.column))),
                    }
                }
            }
        }
        if is_identity {
            for other in &others {
                let identity = chunk.push(&other.identity());
                chunk.also_at.push(identity);
            }
        }
        if let Some(text) = write_accounts(others) {
            chunk.values[draft.first_value + slot] = chunk.push(&text);
        }
    }

    /// Which columns name no account: of those of platforms all, unless the row says of which platform it is.
    pub(crate) fn account_blank(&self, record: &Record) -> Issue {
        let columns = &self.identity;
        let named = Platform::parse(columns.account_cells(record).platform);
        let own = columns.handle.or(columns.profile_url);
        let first = own.or_else(|| columns.accounts.leading(named)).unwrap_or_default();
        let is_other = |column: &usize| named.is_none() && *column != first;
        let others: Vec<_> = columns.accounts.places().filter(is_other).map(|c| self.recipe.header(c)).collect();
        let issue = Issue::new(if others.is_empty() { IssueCode::RequiredBlank } else { IssueCode::AccountBlank });
        let issue = issue.column(self.recipe.header(first));
        if others.is_empty() { issue } else { issue.detail(are(&others)) }
    }

    fn account_error(&self, error: &AccountError) -> (IssueCode, usize, String) {
        let columns = &self.identity;
        let is_identity = self.recipe.settings.record_type.identity() == IdentityKind::PlatformAndHandle;
        let handle_code = |error: &HandleError| match error {
            HandleError::PlatformBlank | HandleError::PlatformUnknown => IssueCode::PlatformUnknown,
            HandleError::PlatformMismatch { .. } => IssueCode::PlatformMismatch,
            HandleError::NotAProfileUrl | HandleError::ShortLink => IssueCode::NotAProfileUrl,
            _ => IssueCode::HandleInvalid,
        };
        let (code, column, detail) = match error {
            AccountError::PlatformBlank => {
                let next = "Name the platform, or give the address of the profile.".to_owned();
                // Where the account is an optional value, that value is what is not written.
                let column = columns.platform.filter(|_| is_identity).or(columns.handle);
                (IssueCode::RequiredBlank, column, next)
            }
            AccountError::PlatformUnknown => {
                let known: Vec<_> = Platform::ALL.iter().map(|p| p.name()).collect();
                (IssueCode::PlatformUnknown, columns.platform, format!("Known are {}.", known.join(", ")))
            }
            AccountError::Handle(error) => (handle_code(error), columns.handle, error.to_string()),
            AccountError::ProfileUrl(error) => (handle_code(error), columns.profile_url, error.to_string()),
            AccountError::Column(column, error) => {
                let code =
                    if let PieceError::Handle(error) = error { handle_code(error) } else { IssueCode::HandleInvalid };
                (code, Some(*column), error.to_string())
            }
        };
        (code, column.unwrap_or_default(), detail)
    }

    /// The profile address is a value of its own; it only has to look like an address.
    pub(crate) fn profile_url(&self, record: &Record, chunk: &mut CheckedChunk, draft: &mut Draft) {
        let (Some(column), Some(slot)) = (self.identity.profile_url, self.recipe.layout.slot_of(Field::ProfileUrl))
        else {
            return;
        };
        let Some(cell) = record.get(column) else { return };
        let Some(span) = self.line(CellAt { column, cell }, MAX_LONG_CHARS, chunk, draft) else { return };
        let is_address =
            span == Span::CLEAR || span.of(&chunk.text).is_some_and(|url| url.contains('.') && !url.contains(' '));
        if is_address {
            chunk.values[draft.first_value + slot] = span;
        } else if !draft.identity_error {
            let value = span.of(&chunk.text).unwrap_or_default();
            let issue = Issue::new(IssueCode::ValueIgnored).value(value).detail("It is no web address.");
            draft.issues.push(self.at(Some(column), issue));
        }
    }

    fn at(&self, column: Option<usize>, issue: Issue) -> Issue {
        match column {
            Some(column) => issue.column(self.recipe.header(column)),
            None => issue,
        }
    }
}

/// Columns named in one sentence.
const NAMED: usize = 6;

/// "TikTok is", or "TikTok, YouTube and X are".
fn are(headers: &[&str]) -> String {
    match headers {
        [header] => format!("{header} is"),
        [first @ .., last] if first.len() <= NAMED => format!("{} and {last} are", first.join(", ")),
        _ => format!("{} and {} more are", headers[..NAMED].join(", "), headers.len() - NAMED),
    }
}

/// Says from which account on a person keeps no more.
pub(crate) fn no_room(account: &OtherAccount) -> Issue {
    let why =
        format!("A person is kept with up to {MAX_ACCOUNTS} accounts elsewhere; those from here on were left out.");
    Issue::new(IssueCode::ValueIgnored).value(account.shown()).detail(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_in_one_sentence_and_many_of_them_counted() {
        assert_eq!(are(&["TikTok"]), "TikTok is");
        assert_eq!(are(&["TikTok", "YouTube", "X"]), "TikTok, YouTube and X are");
        assert_eq!(are(&["A", "B", "C", "D", "E", "F", "G", "H"]), "A, B, C, D, E, F and 2 more are");
        assert_eq!(are(&["A", "B", "C", "D", "E", "F", "G"]), "A, B, C, D, E, F and G are");
    }
}
