//! The three record types and what differs between them: template, identity, what matches and repeats do, limits.

use serde::{Deserialize, Serialize};

use crate::field::Field;
use crate::policy::Policy;

/// What a person is to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordType {
    Creator,
    Prospect,
    Advocate,
}

/// What makes two rows the same person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityKind {
    Email,
    PlatformAndHandle,
}

/// What happens to a row whose person is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnMatch {
    Skip,
    Merge,
}

impl OnMatch {
    /// The word of `--on-match`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Merge => "merge",
        }
    }
}

/// A column of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateColumn {
    Field(Field),
    Group,
    Tags,
}

impl TemplateColumn {
    /// Its header.
    pub fn label(self) -> &'static str {
        match self {
            Self::Field(field) => field.label(),
            Self::Group => "Group",
            Self::Tags => "Tags",
        }
    }
}

use TemplateColumn::{Field as F, Group, Tags};

const CREATOR_COLUMNS: &[TemplateColumn] = &[
    F(Field::Platform),
    F(Field::Handle),
    F(Field::Name),
    F(Field::Email),
    F(Field::Country),
    F(Field::Language),
    F(Field::Followers),
    F(Field::EngagementRate),
    F(Field::ProfileUrl),
    F(Field::Notes),
    Tags,
];

const PROSPECT_COLUMNS: &[TemplateColumn] = &[
    F(Field::Name),
    F(Field::Email),
    F(Field::Company),
    F(Field::Website),
    F(Field::Phone),
    F(Field::Country),
    F(Field::Platform),
    F(Field::Handle),
    Group,
    F(Field::Notes),
];

const ADVOCATE_COLUMNS: &[TemplateColumn] = &[
    F(Field::Name),
    F(Field::Email),
    F(Field::Title),
    F(Field::Company),
    F(Field::Position),
    F(Field::Industry),
    F(Field::SalesforceId),
    F(Field::Product),
    F(Field::ExternalContactId),
    F(Field::ExternalAccountId),
];

impl RecordType {
    pub const ALL: [Self; 3] = [Self::Creator, Self::Prospect, Self::Advocate];

    /// The number that stands in the database.
    pub fn code(self) -> i64 {
        match self {
            Self::Creator => 1,
            Self::Prospect => 2,
            Self::Advocate => 3,
        }
    }

    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }

    /// The word of the API: `creator`, `prospect`, `advocate`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Creator => "creator",
            Self::Prospect => "prospect",
            Self::Advocate => "advocate",
        }
    }

    pub fn plural(self) -> &'static str {
        match self {
            Self::Creator => "creators",
            Self::Prospect => "prospects",
            Self::Advocate => "advocates",
        }
    }

    /// Reads the singular or plural word, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        Self::ALL.into_iter().find(|t| text == t.key() || text == t.plural())
    }

    /// The columns of the template, in their order, without custom fields.
    pub fn template(self) -> &'static [TemplateColumn] {
        match self {
            Self::Creator => CREATOR_COLUMNS,
            Self::Prospect => PROSPECT_COLUMNS,
            Self::Advocate => ADVOCATE_COLUMNS,
        }
    }

    /// Template columns marked with a star.
    pub fn is_starred(self, field: Field) -> bool {
        match self {
            Self::Creator => matches!(field, Field::Platform | Field::Handle),
            Self::Prospect | Self::Advocate => matches!(field, Field::Name | Field::Email),
        }
    }

    pub fn identity(self) -> IdentityKind {
        match self {
            Self::Creator => IdentityKind::PlatformAndHandle,
            Self::Prospect | Self::Advocate => IdentityKind::Email,
        }
    }

    pub fn default_on_match(self) -> OnMatch {
        match self {
            Self::Creator => OnMatch::Skip,
            Self::Prospect | Self::Advocate => OnMatch::Merge,
        }
    }

    /// A blank name fails a row that would create.
    pub fn needs_name(self) -> bool {
        self != Self::Creator
    }

    /// Rows one import may hold unless the operator's setting says otherwise.
    pub fn default_row_limit(self) -> u64 {
        match self {
            Self::Creator => 50_000,
            Self::Prospect | Self::Advocate => 1_000_000,
        }
    }

    /// What a match does to a standard field unless the import says otherwise.
    pub fn default_policy(self, field: Field) -> Policy {
        if self.is_identity(field) {
            return Policy::Keep;
        }
        match (self, field) {
            (Self::Creator, Field::Followers | Field::EngagementRate) => Policy::Overwrite,
            (Self::Advocate, Field::Name | Field::FirstName | Field::Title | Field::Company) => Policy::Fill,
            (Self::Advocate, _) => Policy::Overwrite,
            (Self::Creator | Self::Prospect, _) => Policy::Fill,
        }
    }

    /// Fields that are the identity never change by import.
    pub fn is_identity(self, field: Field) -> bool {
        match self.identity() {
            IdentityKind::Email => field == Field::Email,
            IdentityKind::PlatformAndHandle => matches!(field, Field::Platform | Field::Handle),
        }
    }

    /// What a custom field does on a match unless the import says otherwise.
    pub fn default_custom_policy(self) -> Policy {
        match self {
            Self::Creator => Policy::Fill,
            Self::Prospect | Self::Advocate => Policy::Overwrite,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_read_in_singular_and_plural() {
        for t in RecordType::ALL {
            assert_eq!(RecordType::parse(t.key()), Some(t));
            assert_eq!(RecordType::parse(&t.plural().to_uppercase()), Some(t));
            assert_eq!(RecordType::from_code(t.code()), Some(t));
        }
        assert_eq!(RecordType::parse("people"), None);
    }
}
