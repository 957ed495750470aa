//! The columns named after platforms, in the order chosen: the first filled one says who somebody is, the others where else
//! the person is found.

use convoke_people::handle::{Handle, HandleError, Unusual};
use convoke_people::platform::Platform;
use convoke_people::record_type::IdentityKind;

use crate::identity::{Account, AccountError, cell_text};
use crate::mapping::Target;
use crate::recipe::Recipe;
use crate::records::{Cell, Record};

/// What people write where somebody has no account, in lower case. With an `@` in front each is a handle.
const NO_ACCOUNT: &[&str] = &[
    "-", "--", "–", "—", "/", ".", "?", "n/a", "n.a.", "na", "none", "no", "nil", "null", "keine", "keiner", "aucun",
    "ninguno", "ninguna",
];

/// What divides several accounts in a cell, as it divides the values of a field.
const DIVIDER: &str = ", ";

/// Accounts one cell names at most.
const MAX_OF_CELL: usize = 20;

/// Platforms and their columns.
#[derive(Clone, Debug)]
pub(crate) struct AccountColumns {
    columns: Vec<(Platform, usize)>,
    clear_token: Option<String>,
}

/// An account as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) platform: Platform,
    pub(crate) column: usize,
    pub(crate) text: &'a str,
    beyond: Option<Beyond>,
}

/// The limit that what follows in the cell is beyond, from this piece on.
#[derive(Clone, Copy, Debug)]
enum Beyond {
    /// The cell was cut; it has so many characters.
    Cell(u64),
    Pieces,
}

/// Why a piece names no account.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum PieceError {
    #[error(transparent)]
    Handle(#[from] HandleError),
    #[error("the cell has {0} characters, too many for accounts")]
    CellTooLong(u64),
    #[error("a cell names up to {MAX_OF_CELL} accounts; those from here on were left out")]
    TooMany,
}

impl Piece<'_> {
    pub(crate) fn handle(&self) -> Result<(Handle, Option<Unusual>), PieceError> {
        match self.beyond {
            Some(Beyond::Cell(chars)) => Err(PieceError::CellTooLong(chars)),
            Some(Beyond::Pieces) => Err(PieceError::TooMany),
            None => Ok(Handle::parse(Some(self.platform), self.text)?),
        }
    }

    fn account(&self) -> Result<Account, AccountError> {
        match self.handle() {
            Ok((handle, unusual)) => Ok(Account { handle, unusual, column: Some(self.column) }),
            Err(error) => Err(AccountError::Column(self.column, error)),
        }
    }
}

impl AccountColumns {
    pub(crate) fn of(recipe: &Recipe) -> Self {
        let order = &recipe.settings.accounts;
        let columns = recipe.mapping.columns.iter().enumerate().filter_map(|(place, column)| match column.target {
            Some(Target::Account(platform)) => Some((platform, place)),
            _ => None,
        });
        let mut columns: Vec<_> = columns.collect();
        columns.sort_by_key(|(platform, _)| order.iter().position(|first| first == platform).unwrap_or(usize::MAX));
        Self { columns, clear_token: recipe.settings.clear_token.clone() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The column of the platform a row names, else the one that comes first.
    pub(crate) fn leading(&self, named: Option<Platform>) -> Option<usize> {
        let of_named = self.columns.iter().find(|(platform, _)| named == Some(*platform));
        of_named.or(self.columns.first()).map(|(_, column)| *column)
    }

    /// The columns in the order chosen.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().map(|&(_, column)| column)
    }

    /// The accounts a record names in these columns. Of a cell that names too many, one piece stands for all that were left
    /// out, and so it does for a cell that was cut.
    pub(crate) fn pieces<'a>(&'a self, record: &'a Record) -> impl Iterator<Item = Piece<'a>> {
        self.columns.iter().flat_map(move |&(platform, column)| {
            let cell = cell_text(record, Some(column)).unwrap_or_default();
            let cut = record.get(column).filter(Cell::is_cut).map(|cell| cell.length_chars());
            let most = if cut.is_some() { 0 } else { MAX_OF_CELL };
            let beyond = cut.map_or(Beyond::Pieces, Beyond::Cell);
            let pieces = cell.split(DIVIDER).map(str::trim).filter(|text| self.names_account(text)).take(most + 1);
            pieces.enumerate().map(move |(place, text)| {
                let beyond = (place == most).then_some(beyond);
                Piece { platform, column, text, beyond }
            })
        })
    }

    fn names_account(&self, text: &str) -> bool {
        // An import only adds accounts: there is nothing that a clear token could erase.
        let is_token = self.clear_token.as_deref() == Some(text);
        !text.is_empty() && !is_token && !NO_ACCOUNT.contains(&text.to_lowercase().as_str())
    }

    /// The first account, of the platform the row names if it names one. For a creator it is the identity and has to be
    /// right; elsewhere the first that is right will do.
    pub(crate) fn first(
        &self,
        record: &Record,
        named: Option<Platform>,
        kind: IdentityKind,
    ) -> Result<Option<Account>, AccountError> {
        let mut pieces: Vec<_> = self.pieces(record).collect();
        pieces.sort_by_key(|piece| named.is_some_and(|platform| platform != piece.platform));
        match kind {
            IdentityKind::PlatformAndHandle => {
                let first = pieces.first().filter(|piece| named.is_none_or(|platform| platform == piece.platform));
                first.map(Piece::account).transpose()
            }
            IdentityKind::Email => Ok(pieces.iter().find_map(|piece| piece.account().ok())),
        }
    }
}
