//! A person as a row of a table.

use convoke_app::directory::person::Person;
use convoke_app::people::platform::Platform;
use convoke_app::people::record_type::RecordType;
use serde_json::Value;

/// Characters of a cell.
const LONGEST_CELL: usize = 60;

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
    let of = RecordType::from(person.record_type);
    let name = person.name.clone().unwrap_or_default();
    let email = person.email.clone().unwrap_or_default();
    let field = |key: &str| match person.fields.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let mut cells = match of {
        RecordType::Creator => {
            let platform = person.platform.as_deref().map(platform_name).unwrap_or_default();
            let handle = person.handle.clone().unwrap_or_default();
            vec![platform, handle, also_at(person), name, email, field("followers")]
        }
        RecordType::Prospect => vec![name, email, field("company")],
        RecordType::Advocate => vec![name, email, field("title"), field("company")],
    };
    cells.iter_mut().for_each(|cell| *cell = super::cut(cell, LONGEST_CELL));
    cells.push(person.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(", "));
    cells.push(person.tags.join(", "));
    match of {
        RecordType::Creator => {}
        RecordType::Prospect => cells.push(person.stage.clone().unwrap_or_default()),
        RecordType::Advocate => cells.push(person.label.clone()),
    }
    cells
}

fn also_at(person: &Person) -> String {
    let accounts = person.also_at.iter().flatten();
    let named = accounts.map(|account| format!("{} {}", platform_name(&account.platform), account.handle));
    named.collect::<Vec<_>>().join(", ")
}

/// A platform as people write it.
fn platform_name(key: &str) -> String {
    Platform::parse(key).map_or_else(|| key.to_owned(), |platform| platform.name().to_owned())
}
