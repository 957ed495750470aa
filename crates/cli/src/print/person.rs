//! A person as a row of a table.

use convoke_app::directory::person::label_of;
use convoke_app::directory::shown;
use convoke_app::people::field::Field;
use convoke_app::people::record_type::RecordType;
use convoke_app::store::people::Person;

/// The headings of a list.
pub(crate) fn headings(of: RecordType) -> &'static [&'static str] {
    match of {
        RecordType::Creator => &["Platform", "Handle", "Also at", "Name", "Email", "Followers", "Groups", "Tags"],
        RecordType::Prospect => &["Name", "Email", "Company", "Groups", "Tags", "Stage"],
        RecordType::Advocate => &["Name", "Email", "Title", "Company", "Groups", "Tags", "Status"],
    }
}

/// The cells of a list below its [`headings`].
pub(crate) fn cells(person: &Person) -> Vec<String> {
    let fields: &[Field] = match person.record_type {
        RecordType::Creator => {
            &[Field::Platform, Field::Handle, Field::AlsoAt, Field::Name, Field::Email, Field::Followers]
        }
        RecordType::Prospect => &[Field::Name, Field::Email, Field::Company],
        RecordType::Advocate => &[Field::Name, Field::Email, Field::Title, Field::Company],
    };
    let mut cells: Vec<_> = fields.iter().map(|field| super::cut(&shown(person, *field), 60)).collect();
    cells.push(person.groups.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "));
    cells.push(person.tags.join(", "));
    match person.record_type {
        RecordType::Creator => {}
        RecordType::Prospect => cells.push(person.stage.map(|stage| stage.key().to_owned()).unwrap_or_default()),
        RecordType::Advocate => cells.push(label_of(person).to_owned()),
    }
    cells
}
