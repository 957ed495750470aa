//! Corpora through the real executable, by the rules of their `SOURCES.md`: cells that are formulas elsewhere, and strings
//! that other programs stumble over. What went in is in the database, in every file we write, and comes back from it.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use convoke_app::pipeline::records::{Dialect, Position, Record, RecordReader};
use convoke_people::text;
use convoke_testbed::corpora;
use naughty_strings::BLNS;
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::place::Place;

/// Names, companies and custom fields are one line of so many characters.
const MAX_CHARS: usize = 255;

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

/// Every cell of a table.
fn cells(table: &str) -> Vec<String> {
    let mut reader = RecordReader::new(table.as_bytes(), Dialect::default(), Position::START);
    let mut record = Record::default();
    let mut cells = Vec::new();
    while reader.read(&mut record).expect("a sound table") {
        cells.extend(record.cells().map(|cell| String::from_utf8(cell.bytes.to_vec()).expect("UTF-8")));
    }
    cells
}

/// A place where prospects may have these custom fields.
fn place_with_fields(names: &[&str]) -> Place {
    let place = Place::new();
    for name in names {
        place.done(&["fields", "add", name, "--as", "prospects"]);
    }
    place
}

/// Name, notes or company, and the only custom field of every prospect, in the order of their addresses.
fn values(place: &Place, field: &str) -> Vec<[Value; 3]> {
    let mut people = place.people("prospects");
    people.sort_by_key(|person| person["identity"].as_str().map(str::to_owned));
    let custom = |person: &Value| person["custom"].as_object().and_then(|custom| custom.values().next().cloned());
    people
        .iter()
        .map(|person| {
            let custom = custom(person).map_or(Value::Null, |values| values[0].clone());
            [person["name"].clone(), person["fields"][field].clone(), custom]
        })
        .collect()
}

/// Exports, and imports that here and into an empty place with the same fields: nobody changes, and the values are the same.
fn comes_back(place: &Place, fields: &[&str], field: &str) {
    let before = place.people("prospects");
    place.done(&["people", "export", "--as", "prospects", "--out", "export.csv"]);
    let (code, again) = place.json(&["import", "export.csv", "--as", "prospects"]);
    assert_eq!((code, &again["counts"]["unchanged"]), (0, &json!(before.len())), "{again}");
    assert_eq!(place.people("prospects"), before);
    let other = place_with_fields(fields);
    let export = other.file("export.csv", place.read("export.csv"));
    assert_eq!(other.json(&["import", export, "--as", "prospects"]).1["counts"]["created"], before.len());
    assert_eq!(values(&other, field), values(place, field));
}

#[test]
fn the_corpus_csv_injection_is_kept_as_it_is_and_defused_in_every_file() {
    let Some(folder) = corpora::folder("csv-injection") else { return };
    let list = fs::read_to_string(folder.join("csv-payload.txt")).expect("the list");
    let payloads: Vec<&str> = list.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert!(payloads.len() >= 6, "{payloads:?}");
    for payload in &payloads {
        let place = place_with_fields(&[payload]);
        let cell = quoted(payload);
        let row = |email: &str| format!("{cell},{email},{cell},{cell}\n");
        let file = format!("Name,Email,Notes,{cell}\n{}{}", row("a@example.com"), row("no address"));
        let file = place.file("people.csv", file);
        let files = ["--rows", "rows.csv", "--errors", "errors.csv"];
        let (code, report) = place.json(&[&["import", file, "--as", "prospects"], files.as_slice()].concat());
        assert_eq!((code, &report["counts"]["created"], &report["counts"]["failed"]), (1, &json!(1), &json!(1)));
        assert_eq!(values(&place, "notes"), [[json!(payload), json!(payload), json!(payload)]]);
        place.done(&["template", "prospects", "--out", "template.csv"]);
        comes_back(&place, &[payload], "notes");
        for file in ["rows.csv", "errors.csv", "template.csv", "export.csv"] {
            let written = cells(&place.read(file));
            assert!(written.iter().any(|cell| cell.trim_start_matches('\'') == *payload), "{file}: {written:?}");
            let formula = written.iter().find(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
            assert_eq!(formula, None, "{file}");
        }
        has_no_formula(&place);
        let mended = place.file("mended.csv", place.read("errors.csv").replace("no address", "b@example.com"));
        assert_eq!(place.json(&["import", mended, "--as", "prospects"]).1["counts"]["created"], 1);
        assert_eq!(values(&place, "notes")[1], [json!(payload), json!(payload), json!(payload)]);
    }
    corpora::report("csv-injection", payloads.len(), payloads.len(), &[]);
}

/// In the template as a workbook the header is text: a formula would stand in an element of its own.
fn has_no_formula(place: &Place) {
    place.done(&["template", "prospects", "--format", "xlsx", "--out", "template.xlsx"]);
    let workbook = fs::read(place.path("template.xlsx")).expect("the template");
    let mut archive = ZipArchive::new(Cursor::new(workbook)).expect("an archive");
    let mut sheet = String::new();
    let mut part = archive.by_name("xl/worksheets/sheet1.xml").expect("the first sheet");
    part.read_to_string(&mut sheet).expect("text");
    assert!(sheet.contains("<sheetData>") && !sheet.contains("<f>") && !sheet.contains("<f "), "{sheet}");
}

/// A string as it is to be stored: without blanks around it and without control characters, as the guide says.
fn stored(string: &str) -> String {
    let trimmed = text::trim(string);
    text::remove_controls(trimmed).map_or(trimmed.to_owned(), |cleaned| text::trim(&cleaned).to_owned())
}

/// Imports a prospect for each string, with it as name, company and remark.
fn import_strings(place: &Place, list: &str, strings: &[&str]) -> (i32, Value) {
    let row = |(at, string): (usize, &&str)| {
        let cells = format!(",{}", quoted(string)).repeat(3);
        format!("{list}{at:04}@example.com{cells}\n")
    };
    let rows: String = strings.iter().enumerate().map(row).collect();
    let file = place.file("people.csv", format!("Email,Name,Company,Remark\n{rows}"));
    place.json(&["import", file, "--as", "prospects"])
}

#[test]
fn naughty_strings_of_the_corpus_come_back_byte_for_byte() {
    let place = place_with_fields(&["Remark"]);
    let (fit, unfit): (Vec<&str>, Vec<&str>) =
        BLNS.iter().partition(|string| (1..=MAX_CHARS).contains(&stored(string).chars().count()));
    let (code, report) = import_strings(&place, "people", &fit);
    assert_eq!((code, &report["counts"]["created"]), (0, &json!(fit.len())), "{}", report["issues"]);
    let (code, report) = import_strings(&place, "nobody", &unfit);
    assert_eq!((code, &report["counts"]["failed"]), (1, &json!(unfit.len())), "{}", report["issues"]);
    let expected: Vec<[Value; 3]> = fit.iter().map(|string| [(); 3].map(|()| json!(stored(string)))).collect();
    assert_eq!(values(&place, "company"), expected);
    comes_back(&place, &["Remark"], "company");
    let changed = fit.iter().filter(|string| stored(string) != **string).count();
    let is_blank = |string: &&&str| stored(string).is_empty();
    let blank = unfit.iter().filter(is_blank).count();
    let exceptions = [
        (
            format!("blanks or controls ({changed})"),
            "come back without the blanks around them and the control characters in them",
        ),
        (format!("blank ({blank})"), "nothing but blanks: refused as a name"),
        (format!("too long ({})", unfit.len() - blank), "longer than 255 characters: refused, with the length found"),
    ];
    let exceptions = exceptions.each_ref().map(|(names, reason)| (names.as_str(), *reason));
    corpora::report("naughty strings", BLNS.len(), fit.len() - changed, &exceptions);
}

/// How a source that could connect names what it connects with.
const CLIENTS: [&str; 9] = [
    "reqwest",
    "object_store",
    "openidconnect",
    "hyper_rustls",
    "hyper_util::client",
    "ureq",
    "lettre",
    "TcpStream::connect",
    "UdpSocket",
];

/// The modules that talk to others, each to what the operator configured, a provider of OpenID Connect or a store of files,
/// or to what somebody typed at the own machine, a server of Convoke.
const ASK_THE_CONFIGURED: [&str; 4] =
    ["app/src/outside/http.rs", "app/src/outside/oidc.rs", "app/src/outside/s3.rs", "cli/src/remote/client.rs"];

/// The sources of the product below `crates/`, by path.
fn sources() -> Vec<(String, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders: Vec<_> = ["people", "pipeline", "store", "app", "server", "cli"]
        .iter()
        .map(|name| crates.join(name).join("src"))
        .collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("the sources").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&crates).expect("below it").display().to_string();
                found.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found.sort();
    found
}

// Addresses that members or files give are connected to by nobody: whoever adds that has the verdicts of the corpus to
// meet. The named modules ask what the operator configured or typed, which may be on any network of the operator's.
#[test]
fn nothing_connects_to_addresses_but_the_named_modules() {
    let found = sources().into_iter().filter(|(_, text)| CLIENTS.iter().any(|client| text.contains(client)));
    let found: Vec<_> = found.map(|(path, _)| path).collect();
    assert_eq!(found, ASK_THE_CONFIGURED, "who else connects to addresses?");
}

#[test]
fn the_corpus_ssrf_urls_waits_for_what_connects_to_given_addresses() {
    let Some(folder) = corpora::folder("ssrf-urls") else { return };
    let list = fs::read_to_string(folder.join("urls.tsv")).expect("the list");
    let urls = list.lines().filter(|line| line.starts_with("deny\t") || line.starts_with("allow\t")).count();
    assert!(urls >= 60, "{urls}");
    let reason =
        "addresses that members or files give are connected to by nothing yet (webhooks and providers come later)";
    corpora::report("ssrf-urls", urls, 0, &[("all", reason)]);
}
