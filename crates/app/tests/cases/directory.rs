//! What exists before an import names it: groups and custom fields, and which definitions are refused.

use convoke_app::people::custom::{CustomField, CustomKind};
use convoke_app::people::id::FieldId;
use convoke_app::people::record_type::RecordType;
use convoke_app::{Error, Result};
use convoke_testbed::is_quick;
use convoke_testbed::postgres::Postgres;

use crate::world::{Database, World};

fn on_both(test: impl Fn(&World)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    test(&World::open(&Database::Sqlite(folder.path()), "directory"));
    if !is_quick() {
        let database = Postgres::shared().database();
        test(&World::open(&Database::Postgres(&database, folder.path()), "directory"));
    }
}

/// The sentence with which a request is refused.
fn refusal<T>(outcome: Result<T>) -> String {
    match outcome {
        Err(Error::Usage { message, .. } | Error::Hindered { message, .. }) => message,
        Err(error) => panic!("not a refusal of the request: {error}"),
        Ok(_) => "accepted".to_owned(),
    }
}

fn field(name: &str, kind: CustomKind, options: &[&str]) -> CustomField {
    CustomField {
        id: FieldId(0),
        record_type: RecordType::Advocate,
        name: name.to_owned(),
        kind,
        multiple: false,
        shown: false,
        options: options.iter().map(|&option| option.to_owned()).collect(),
    }
}

#[test]
fn group_names_are_unique_without_case() {
    on_both(|world| {
        let add = |name: &str| refusal(world.workspace.add_group(name, Some("For made-up people"), None));
        assert_eq!(add("  Café "), "accepted");
        assert_eq!(add("CAFE\u{301}"), "Group CAFE\u{301} is there already");
        assert_eq!(add(" "), "A group's name has 1 to 255 characters and none that cannot be seen");
        let groups = world.workspace.groups().expect("the groups");
        let [group] = groups.as_slice() else { panic!("{groups:?}") };
        assert_eq!((group.name.as_str(), group.description.as_deref()), ("Café", Some("For made-up people")));
    });
}

#[test]
fn a_join_code_is_of_letters_digits_hyphens_and_underscores() {
    on_both(|world| {
        let add = |name: &str, code: &str| refusal(world.workspace.add_group(name, None, Some(code)));
        assert_eq!(add("One", "summer-26_a"), "accepted");
        assert_eq!(add("Two", "summer-26_a"), "Join code summer-26_a belongs to another group");
        for code in ["", "summer 26", "sömmer", "summer/26"] {
            assert_eq!(add("Three", code), format!("\"{code}\" is no join code"));
        }
    });
}

#[test]
fn names_of_custom_fields_are_unique_without_case_and_64_characters_long() {
    on_both(|world| {
        let add = |field| refusal(world.workspace.add_field(field));
        let text = |name: &str| field(name, CustomKind::Text, &[]);
        assert_eq!(add(text("Shoe Size")), "accepted");
        assert_eq!(add(text("SHOE SIZE ")), "Custom field SHOE SIZE is there already for advocates");
        let other = CustomField { record_type: RecordType::Creator, ..text("Shoe Size") };
        assert_eq!(add(other), "accepted", "another record type has names of its own");
        assert_eq!(add(text(&"ü".repeat(64))), "accepted");
        for name in ["", &"ü".repeat(65)] {
            let sentence = "A custom field's name has 1 to 64 characters and none that cannot be seen";
            assert_eq!(add(text(name)), sentence, "{name}");
        }
        for name in ["Email", "e-mail", "Job Title", "Tags"] {
            assert_eq!(add(text(name)), format!("\"{name}\" names a standard field of advocates"));
        }
    });
}

#[test]
fn selects_have_options_that_differ_and_others_have_none() {
    on_both(|world| {
        let add = |kind, options: &[&str]| refusal(world.workspace.add_field(field("Tier", kind, options)));
        for kind in [CustomKind::SingleSelect, CustomKind::MultiSelect] {
            assert_eq!(add(kind, &[]), "A select needs options");
            assert_eq!(add(kind, &["Gold", "gold "]), "Options are not blank and differ by more than case");
            assert_eq!(add(kind, &["Gold", " "]), "Options are not blank and differ by more than case");
        }
        for kind in [CustomKind::Text, CustomKind::Number, CustomKind::Date, CustomKind::YesNo] {
            assert_eq!(add(kind, &["Gold"]), "Only selects have options");
        }
        assert_eq!(add(CustomKind::MultiSelect, &["Gold", "Silver"]), "accepted");
        let fields = world.workspace.fields(Some(RecordType::Advocate)).expect("the fields");
        assert!(fields[0].multiple && !fields[0].shown, "{fields:?}");
    });
}
