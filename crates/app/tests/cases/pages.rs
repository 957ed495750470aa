//! The generated pages of `docs/`: which case proves which sentence, all messages, all states. A page that is not what
//! the code says fails; `UPDATE_DOCS=1` writes it anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use convoke_app::permissions::permission_table;
use convoke_app::pipeline::issue::{IssueCode, Severity};
use convoke_app::pipeline::problem::ProblemCode;
use convoke_app::transition_table;

use crate::case::Case;
use crate::is_asked;

fn is_fresh(name: &str, page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if is_asked("UPDATE_DOCS") {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of the docs");
        fs::write(&path, page).expect("the page can be written");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "docs/{name} is stale: UPDATE_DOCS=1 cargo test -p convoke-app --test cases pages");
}

/// `2.10` comes behind `2.9`.
fn section_key(section: &str) -> Vec<u32> {
    section.split('.').map(|part| part.parse().unwrap_or_else(|_| panic!("{section} is no section"))).collect()
}

/// In a table a bar would end the cell, and a star begin emphasis.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*")
}

/// What a folder cannot prove: sentence, source, test.
const PROVED_ELSEWHERE: [(&str, &str, &str); 16] = [
    (
        "2: default row limit of one import: creators 50,000, prospects and advocates 1,000,000",
        CHUNKS,
        "fifty_thousand_creators_pass_and_one_more_refuses",
    ),
    (
        "2: prospects: a row that matches a person: merged; groups are added up",
        CHUNKS,
        "groups_of_prospects_add_up_over_chunks",
    ),
    (
        "2.2: unchanged means fields, groups and tags alike; a new group or tag makes updated",
        CHUNKS,
        "a_group_or_tag_of_an_earlier_chunk_is_there_in_a_later_one",
    ),
    (
        "2.2: A Salesforce ID or External Contact ID that belongs to another person warns external_id_elsewhere and names \
      that person",
        CHUNKS,
        "a_key_of_an_earlier_chunk_is_somebody_elses_in_a_later_one",
    ),
    (
        "2.3: name (unique without case, up to 64 characters), type, several values or not, shown to the person or not \
      (default not)",
        DIRECTORY,
        "names_of_custom_fields_are_unique_without_case_and_64_characters_long",
    ),
    (
        "2.3: type (text, single select, multi select, number, date, yes/no), several values or not",
        DIRECTORY,
        "selects_have_options_that_differ_and_others_have_none",
    ),
    ("2.4: A group has a name (unique without case)", DIRECTORY, "group_names_are_unique_without_case"),
    (
        "2.4: an optional join code (letters, digits, -, _; public)",
        DIRECTORY,
        "a_join_code_is_of_letters_digits_hyphens_and_underscores",
    ),
    (
        "3: What the check foretells is what the run does, unless the workspace changed in between",
        GENERATED,
        "any_file_is_checked_as_it_is_run",
    ),
    (
        "3: What the check foretells is what the run does, unless the workspace changed in between",
        GENERATED,
        "any_file_does_the_same_on_both_databases",
    ),
    ("3: The original comes back byte for byte", FILES_BACK, "the_original_comes_back_byte_for_byte"),
    (
        "3: Files: results (all rows, original columns, plus row, outcome, person id, matched account, messages)",
        FILES_BACK,
        "results_show_every_row_and_no_formula",
    ),
    ("3: Files: errors (failed rows only, importable again)", FILES_BACK, "the_errors_corrected_are_imported"),
    (
        "3: Formula cells are defused in every file Convoke writes, in a way its own import takes back",
        FILES_BACK,
        "results_imported_again_change_nobody",
    ),
    ("3: Same content as an earlier import: say so", FILES_BACK, "the_same_content_is_recognised"),
    (
        "3: Template: one example row that is not imported if left in",
        FILES_BACK,
        "templates_are_imported_as_they_are_and_make_nobody",
    ),
];
const CHUNKS: &str = include_str!("chunks.rs");
const DIRECTORY: &str = include_str!("directory.rs");
const FILES_BACK: &str = include_str!("files_back.rs");
const GENERATED: &str = include_str!("generated.rs");

#[test]
fn the_page_of_cases_is_fresh() {
    let mut sections: BTreeMap<Vec<u32>, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    let cases = Case::all();
    let mut prove = |sentence: &str, name: &str| {
        let (section, sentence) = sentence.split_once(": ").expect("SECTION: sentence");
        let proved = sections.entry(section_key(section)).or_default().entry(sentence.to_owned()).or_default();
        proved.push(name.to_owned());
    };
    for case in &cases {
        case.script.proves.iter().for_each(|sentence| prove(sentence, &case.name));
    }
    for (sentence, source, test) in PROVED_ELSEWHERE {
        assert!(source.contains(&format!("fn {test}()")), "there is no test {test}");
        prove(sentence, test);
    }
    let mut page = format!(
        "# What is proved\n\nGenerated from `crates/app/tests/cases/*/case.json`: {} cases, each imported into SQLite and \
         PostgreSQL, checked first, compared with its check, and played backwards; and tests beside them for what \
         takes more than a folder. Sections are those of the specification.\n",
        cases.len()
    );
    for (section, sentences) in sections {
        let section = section.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
        page.push_str(&format!("\n## {section}\n\n| sentence | cases |\n|---|---|\n"));
        for (sentence, names) in sentences {
            let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
            page.push_str(&format!("| {} | {} |\n", cell(&sentence), names.join(", ")));
        }
    }
    is_fresh("cases.md", &page);
}

#[test]
fn the_page_of_messages_is_fresh() {
    let mut page = String::from(
        "# Messages\n\nGenerated from the catalogue in the code. `{field}` is the column, `{value}` the cell, `{detail}` \
         what the message adds. An error fails its row and no other; a warning and a notice do not, and a notice is not \
         worth a look.\n",
    );
    for (severity, title) in
        [(Severity::Error, "Errors"), (Severity::Warning, "Warnings"), (Severity::Notice, "Notices")]
    {
        page.push_str(&format!("\n## {title}\n\n| code | sentence | what next |\n|---|---|---|\n"));
        for code in IssueCode::ALL.iter().filter(|code| code.severity() == severity) {
            page.push_str(&format!("| `{}` | {} | {} |\n", code.key(), cell(code.sentence()), cell(code.hint())));
        }
    }
    page.push_str("\n## Why a file is refused\n\nA refused file changes nothing.\n\n| code | when |\n|---|---|\n");
    for code in ProblemCode::ALL {
        page.push_str(&format!("| `{}` | {} |\n", code.key(), cell(code.when())));
    }
    is_fresh("messages.md", &page);
}

#[test]
fn the_page_of_states_is_fresh() {
    let intro = "# States of an import\n\nGenerated from the one function that knows them. What is not in the table \
                 cannot happen.\n\n";
    is_fresh("states.md", &format!("{intro}{}", transition_table()));
}

#[test]
fn the_page_of_permissions_is_fresh() {
    let intro = "# Who may do what\n\nGenerated from the one table that decides. A member has one role in a workspace; a token has \
                 scopes, at most those of its maker's role. Whoever sits at the command line of the machine may do all. Making \
                 workspaces, and the audit log of the installation, are the operator's: the first owner.\n\n";
    is_fresh("permissions.md", &format!("{intro}{}", permission_table()));
}
