//! The standard fields of a person: one row a field says its name everywhere and the shape of its values.
//! What a file may set is exactly this list, groups, tags and custom fields: nothing else is importable.

use serde::{Deserialize, Serialize};

use Field::*;

/// A standard field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    /// Kept when a file gives first and last name apart: mails greet by it.
    FirstName,
    Email,
    Title,
    Company,
    Position,
    Industry,
    Product,
    Website,
    Phone,
    Country,
    Language,
    Platform,
    Handle,
    ProfileUrl,
    SalesforceId,
    ExternalContactId,
    ExternalAccountId,
    Followers,
    EngagementRate,
    Notes,
    /// Accounts beside platform and handle, as one text (see [`crate::also_at`]): no column of its own in files.
    AlsoAt,
}

/// What a cell of a field must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text up to so many characters; a longer cell is not written, with a warning.
    Text {
        max_chars: u32,
    },
    /// Like a custom field of type text: a longer value fails the row.
    CustomLike {
        multiple: bool,
    },
    Email,
    Platform,
    Handle,
    ProfileUrl,
    /// Several accounts, from the columns of platforms.
    Accounts,
    /// A whole number, 0 or more.
    Count,
    /// Percent, kept as parts per million.
    Rate,
}

/// Longest value of a custom field, and of most standard ones, in characters.
pub const MAX_VALUE_CHARS: u32 = 255;
/// Longest value of Notes and Profile URL, in characters.
pub const MAX_LONG_CHARS: u32 = 10_000;

const LINE: Shape = Shape::Text { max_chars: MAX_VALUE_CHARS };

/// field, name in API and database, header, shape
const TABLE: [(Field, &str, &str, Shape); Field::COUNT] = [
    (Name, "name", "Name", LINE),
    (FirstName, "first_name", "First Name", LINE),
    (Email, "email", "Email", Shape::Email),
    (Title, "title", "Title", LINE),
    (Company, "company", "Company", LINE),
    (Position, "position", "Position", Shape::CustomLike { multiple: false }),
    (Industry, "industry", "Industry", Shape::CustomLike { multiple: false }),
    (Product, "product", "Product", Shape::CustomLike { multiple: true }),
    (Website, "website", "Website", LINE),
    (Phone, "phone", "Phone", LINE),
    (Country, "country", "Country", LINE),
    (Language, "language", "Language", LINE),
    (Platform, "platform", "Platform", Shape::Platform),
    (Handle, "handle", "Handle", Shape::Handle),
    (ProfileUrl, "profile_url", "Profile URL", Shape::ProfileUrl),
    (SalesforceId, "salesforce_id", "Salesforce ID", LINE),
    (ExternalContactId, "external_contact_id", "External Contact ID", LINE),
    (ExternalAccountId, "external_account_id", "External Account ID", LINE),
    (Followers, "followers", "Followers", Shape::Count),
    (EngagementRate, "engagement_rate", "Engagement Rate", Shape::Rate),
    (Notes, "notes", "Notes", Shape::Text { max_chars: MAX_LONG_CHARS }),
    (AlsoAt, "also_at", "Also At", Shape::Accounts),
];

impl Field {
    pub const COUNT: usize = 22;

    /// Every field, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|entry| entry.0)
    }

    /// The name in API, CLI and results: `external_contact_id`.
    pub fn key(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// The header of templates and exports: `External Contact ID`.
    pub fn label(self) -> &'static str {
        TABLE[self as usize].2
    }

    pub fn shape(self) -> Shape {
        TABLE[self as usize].3
    }

    /// Reads an API name or a header, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        TABLE
            .iter()
            .find(|entry| text.eq_ignore_ascii_case(entry.1) || text.eq_ignore_ascii_case(entry.2))
            .map(|entry| entry.0)
    }

    /// Kept as a whole number; all others are text.
    pub fn is_number(self) -> bool {
        matches!(self, Platform | Followers | EngagementRate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_fields() {
        for (place, field) in Field::all().enumerate() {
            assert_eq!(field as usize, place);
            assert_eq!(Field::parse(field.key()), Some(field));
            assert_eq!(Field::parse(&field.label().to_uppercase()), Some(field));
        }
    }

    #[test]
    fn what_is_not_importable_has_no_field() {
        for text in ["id", "kind", "invited", "invited_at", "credits", "version", "workspace_id", "joined_at", "stage"]
        {
            assert_eq!(Field::parse(text), None, "{text}");
        }
    }
}
