//! The rules that keep the way to a distributed PostgreSQL open (distribution by workspace): every key contains the
//! workspace, every statement on a workspace's table names it, and nothing is used that only one node could decide.

use std::path::Path;

use convoke_store::{Dialect, rendered_schema};

/// Tables that stay with the coordinator.
const CONTROL: &[&str] =
    &["migration", "installation", "workspace", "member", "membership", "session", "member_invitation", "sign_in_try"];

/// What no statement may use, with the reason.
const FORBIDDEN: &[(&str, &str)] = &[
    ("FOR UPDATE", "row locks do not reach across nodes"),
    ("SKIP LOCKED", "queues are claimed by conditional updates"),
    ("NEXTVAL", "ids are drawn in blocks"),
    ("SERIAL", "ids are drawn in blocks"),
    ("CREATE TEMP", "bulk updates join arrays"),
    ("CREATE TRIGGER", "no triggers"),
    ("NOW()", "time is a parameter"),
    ("RANDOM()", "chance is a parameter"),
];

/// The one statement that reads the clock, on no table at all.
const CLOCK: &str = "clock_timestamp()";

fn tables() -> Vec<String> {
    let schema = rendered_schema(Dialect::Postgres);
    schema.split("CREATE TABLE ").skip(1).filter_map(|rest| rest.split([' ', '(']).next()).map(str::to_owned).collect()
}

fn workspace_tables() -> Vec<String> {
    tables().into_iter().filter(|table| !CONTROL.contains(&table.as_str())).collect()
}

#[test]
fn every_key_of_a_workspace_table_contains_the_workspace() {
    let schema = rendered_schema(Dialect::Postgres);
    let tables = workspace_tables();
    assert!(tables.len() > 10, "{tables:?}");
    for table in &tables {
        let body = schema.split(&format!("CREATE TABLE {table} (")).nth(1).and_then(|rest| rest.split(");").next());
        let body = body.unwrap_or_else(|| panic!("{table} has no body"));
        let key = body.split("PRIMARY KEY (").nth(1).unwrap_or_else(|| panic!("{table} has no primary key"));
        assert!(key.contains("workspace_id"), "the primary key of {table} lacks workspace_id");
    }
    for index in schema.split("CREATE UNIQUE INDEX ").skip(1) {
        let index = index.split(';').next().unwrap_or_default();
        assert!(index.contains("workspace_id"), "a unique index lacks workspace_id: {index}");
    }
    for foreign in schema.split("REFERENCES ").skip(1) {
        assert!(foreign.starts_with('('), "a foreign key: {}", &foreign[..foreign.len().min(60)]);
    }
}

#[test]
fn the_schema_uses_nothing_that_one_node_would_decide() {
    let schema = rendered_schema(Dialect::Postgres).to_uppercase();
    for (word, why) in FORBIDDEN {
        assert!(!schema.contains(word), "the schema uses {word}: {why}");
    }
}

/// The SQL texts in the store's sources: string literals that begin with a verb.
fn statements() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&entry).expect("a source file");
                let name = entry.file_name().expect("a name").to_string_lossy().into_owned();
                found.extend(literals(&text).into_iter().map(|sql| (name.clone(), sql)));
            }
        }
    }
    found
}

fn literals(source: &str) -> Vec<String> {
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find('"') {
        rest = &rest[start + 1..];
        let mut end = 0;
        let bytes = rest.as_bytes();
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let literal = &rest[..end.min(rest.len())];
        if verbs.iter().any(|verb| literal.starts_with(verb)) {
            found.push(literal.split_whitespace().collect::<Vec<_>>().join(" ").replace("\\ ", ""));
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    found
}

fn names(sql: &str, table: &str) -> bool {
    ["FROM ", "JOIN ", "INTO ", "UPDATE "].iter().any(|word| {
        sql.match_indices(&format!("{word}{table}"))
            .any(|(at, found)| !sql[at + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}

#[test]
fn every_statement_on_a_workspace_table_names_the_workspace() {
    let statements = statements();
    let tables = workspace_tables();
    let mut checked = 0;
    for (file, sql) in &statements {
        for table in tables.iter().filter(|table| names(sql, table)) {
            assert!(sql.contains("workspace_id"), "{file}: on {table} without the workspace: {sql}");
            checked += 1;
        }
    }
    assert!(checked > 40, "only {checked} statements were found: does the search still work?");
}

#[test]
fn no_statement_uses_what_one_node_would_decide() {
    for (file, sql) in statements() {
        if sql.contains(CLOCK) {
            assert!(!sql.contains(" FROM ") || sql.contains("epoch FROM"), "{file}: {sql}");
            continue;
        }
        for (word, why) in FORBIDDEN {
            assert!(!sql.to_uppercase().contains(word), "{file} uses {word}: {why}: {sql}");
        }
    }
}

#[test]
fn no_statement_joins_control_tables_with_a_workspace() {
    for (file, sql) in statements() {
        let control = CONTROL.iter().any(|table| names(&sql, table));
        let workspace = workspace_tables().iter().any(|table| names(&sql, table));
        assert!(!(control && workspace), "{file}: {sql}");
    }
}
