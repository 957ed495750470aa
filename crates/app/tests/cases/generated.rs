//! Files nobody would write by hand, imported one after the other into the same workspace, so that they meet people of
//! earlier ones: whatever is in a file, its check foretells its run, its journal leads back, both databases agree.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use convoke_app::imports::ImportOptions;
use convoke_app::people::date::DateOrder;
use convoke_app::people::number::Decimal;
use convoke_app::people::policy::Policy;
use convoke_app::people::record_type::{OnMatch, RecordType};
use convoke_app::pipeline::settings::OnNew;
use convoke_testbed::is_quick;
use convoke_testbed::postgres::Postgres;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value as Json, json};

use crate::case::CustomField;
use crate::files;
use crate::world::{Database, World};

/// Files that are imported into one workspace.
const FILES: usize = 10;
/// Workspaces.
const ON_SQLITE: u32 = 60;
const ON_BOTH: u32 = 15;

const GROUPS: [&str; 3] = ["Lunch", "Dinner", "Café"];
const TAGS: [&str; 3] = ["vip", "VIP", "from a fair"];

/// A file, how it is imported, and what happens to people afterwards.
#[derive(Clone, Debug)]
struct Step {
    options: ImportOptions,
    lines: Vec<Line>,
    /// Fact and identity.
    facts: Vec<(&'static str, &'static str)>,
}

#[derive(Clone, Debug)]
enum Line {
    Cells(Vec<String>),
    /// Written as it is, without quotes.
    Raw(&'static str),
}

/// What a column's cells are: mostly the first, seldom the second.
type Cells = (&'static [&'static str], &'static [&'static str]);

const EMAILS: Cells = (
    &[
        "ada@example.com",
        "ADA@example.com",
        " ada@Example.com ",
        "'ada@example.com",
        "bea@example.com",
        "Bea@EXAMPLE.com",
        "cy+1@example.org",
        "cy@example.org",
        "dee@bücher.example.org",
        "dee@xn--bcher-kva.example.org",
        "josé@example.com",
        "jose\u{301}@example.com",
        "eve@example.org",
        "fay@example.org",
    ],
    &["", "  ", "nobody", "a b@example.com", "[clear]"],
);
const PLATFORMS: Cells = (&["Instagram", "ig", "X", "twitter"], &["", "MySpace", "TikTok", "[clear]"]);
const HANDLES: Cells = (
    &["made.up", "@Made.Up", "'@made.up", "other_one", "@other_one", "'@other_one", "third_one", "ab"],
    &[
        "https://www.instagram.com/made.up/",
        "instagram.com/p/abc",
        "tiktok.com/@other_one",
        "",
        "not a handle",
        "x.com/other_one",
        "[clear]",
    ],
);
const ACCOUNTS: Cells = (
    &["", "-", "made.up", "@Made.Up", "other_one", "third_one, ab"],
    &["not a handle", "tiktok.com/@other_one", "[clear]"],
);
const ADDRESSES: Cells = (&["", "https://www.instagram.com/made.up", "x.com/other_one"], &["no address", "[clear]"]);
const TEXTS: Cells = (
    &["Plain", "plain", " Plain ", "Łukasz 用户", "two\nlines", "a \"quoted\" word", "=1+1", "'=1+1"],
    &["", "   ", "\u{A0}", "a\0b", "[clear]", "Total: 5"],
);
// Few, so that several people carry one.
const KEYS: Cells =
    (&["003A", "003B", " 003B ", "003C", "003a", "c-1", ""], &["00\0A3", "003A\0", "'003A", "[clear]", "=003A"]);
const LISTS: Cells = (&["a, b", "b, a", "a", "", "a,b"], &["a, a", "A, a", "a, , b", " ", "[clear]"]);
const CHOICES: Cells = (&["Gold", "gold", "SILVER", ""], &["Bronze", " ", "[clear]"]);
const COLOURS: Cells = (&["Red, blue", "BLUE, Red", "Blue", ""], &["red, RED", "Green"]);
const NUMBERS: Cells = (&["5", "12500", "", "12.5K"], &["5.0", "1,5", "1.5", "1,234", "1.234,5", "many", "[clear]"]);
const DATES: Cells = (
    &["2026-04-03", "3 April 2026", "", "2026-04-04T10:00:00Z"],
    &["03/04/2026", "25/12/2026", "12/25/2026", "soon", "05.05.26", "[clear]"],
);
const ANSWERS: Cells = (&["yes", "NO", "1", "", "falsch"], &["perhaps"]);
const GROUP_CELLS: Cells = (&["Lunch", "LUNCH", " dinner ", "CAFÉ", ""], &["Nowhere", "[clear]"]);
const TAG_CELLS: Cells = (&["vip", "VIP, new", "new; Vip", ""], &["a, a, A", " , ", "\0", "[clear]"]);

fn cell(header: &str) -> BoxedStrategy<String> {
    let (good, bad) = match header {
        "Email" => EMAILS,
        "Platform" => PLATFORMS,
        "Salesforce ID" | "External Contact ID" => KEYS,
        "Handle" => HANDLES,
        "Profile URL" => ADDRESSES,
        "Instagram" | "TikTok" | "X" => ACCOUNTS,
        "Product" | "Regions" => LISTS,
        "Tier" => CHOICES,
        "Colours" => COLOURS,
        "Size" | "Followers" | "Engagement Rate" => NUMBERS,
        "Since" => DATES,
        "Opted In" => ANSWERS,
        "Group" => GROUP_CELLS,
        "Tags" => TAG_CELLS,
        _ => TEXTS,
    };
    let long = (prop_oneof![Just('x'), Just('ü')], 254..258_usize).prop_map(|(c, n)| c.to_string().repeat(n));
    let other = select(TEXTS.0).prop_map(str::to_owned);
    prop_oneof![
        400 => select(good).prop_map(str::to_owned),
        30 => select(bad).prop_map(str::to_owned),
        4 => other,
        3 => long,
    ]
    .boxed()
}

/// Required columns first.
fn columns(of: RecordType) -> (&'static [&'static str], &'static [&'static str]) {
    match of {
        RecordType::Creator => (
            &["Platform", "Handle"],
            &[
                "Name",
                "Email",
                "Country",
                "Followers",
                "Engagement Rate",
                "Profile URL",
                "Instagram",
                "TikTok",
                "X",
                "Notes",
                "Tags",
                "Group",
                "Regions",
                "Tier",
                "Size",
            ],
        ),
        RecordType::Prospect => (
            &["Name", "Email"],
            &[
                "Company",
                "Phone",
                "Platform",
                "Handle",
                "TikTok",
                "Instagram",
                "Group",
                "Notes",
                "Tags",
                "Regions",
                "Tier",
                "Colours",
                "Since",
            ],
        ),
        RecordType::Advocate => (
            &["Name", "Email"],
            &[
                "Title",
                "Position",
                "Salesforce ID",
                "External Contact ID",
                "Product",
                "Group",
                "Tags",
                "Regions",
                "Tier",
                "Colours",
                "Size",
                "Since",
                "Opted In",
            ],
        ),
    }
}

fn line(headers: &[&'static str]) -> BoxedStrategy<Line> {
    let cells: Vec<_> = headers.iter().map(|header| cell(header)).collect();
    let width = headers.len();
    let ragged = (cells.clone(), 0..width + 3, cell("")).prop_map(move |(mut cells, length, surplus)| {
        cells.resize(length.max(1), surplus);
        Line::Cells(cells)
    });
    let header = headers.iter().map(|header| (*header).to_owned()).collect::<Vec<_>>();
    let raw = select(vec!["", ",,", "  ", "Total: 5,,", "\"\",\"\"", "Name,Email", "Ada,\u{FEFF}ada@example.com"]);
    prop_oneof![
        20 => cells.prop_map(Line::Cells),
        3 => ragged,
        1 => Just(Line::Cells(header)),
        2 => raw.prop_map(Line::Raw),
    ]
    .boxed()
}

fn lines(of: RecordType) -> BoxedStrategy<Vec<Line>> {
    let (required, others) = columns(of);
    let chosen = subsequence(others, 0..=others.len()).prop_map(move |some| [required, &some].concat());
    let headers = chosen.prop_shuffle();
    headers
        .prop_flat_map(|headers| {
            let header = Line::Cells(headers.iter().map(|header| (*header).to_owned()).collect());
            prop::collection::vec(line(&headers), 0..=40).prop_map(move |mut lines| {
                lines.insert(0, header.clone());
                lines
            })
        })
        .boxed()
}

fn options(of: RecordType) -> impl Strategy<Value = ImportOptions> {
    let (required, others) = columns(of);
    let mut fields: Vec<_> = others.iter().copied().filter(|name| !["Group", "Tags"].contains(name)).collect();
    fields.extend((required[0] == "Name").then_some("Name"));
    let policy = select(vec![Policy::Keep, Policy::Fill, Policy::Overwrite]);
    let policies = prop::collection::vec((select(fields), policy), 0..4);
    let what = (
        prop::option::of(select(vec![OnMatch::Skip, OnMatch::Merge])),
        prop_oneof![4 => Just(OnNew::Create), 1 => Just(OnNew::Skip)],
        any::<bool>(),
        any::<bool>(),
        prop::option::of(Just("[clear]".to_owned())),
    );
    // Most files say how they write numbers and dates: the others are often refused.
    let forms = (
        prop::option::weighted(0.8, select(vec![Decimal::Point, Decimal::Comma])),
        prop::option::weighted(0.8, select(vec![DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd])),
    );
    let chosen = (subsequence(&GROUPS[..], 0..=2), subsequence(&TAGS[..], 0..=2));
    (policies, what, forms, chosen).prop_map(move |(policies, what, forms, (groups, tags))| ImportOptions {
        policies: policies.into_iter().map(|(field, policy)| (field.to_owned(), policy)).collect(),
        on_match: what.0,
        on_new: what.1,
        tag_duplicates: what.2,
        nominees: what.3 && of == RecordType::Advocate,
        clear_token: what.4,
        decimal: forms.0,
        dates: forms.1,
        groups: groups.into_iter().map(str::to_owned).collect(),
        tags: tags.into_iter().map(str::to_owned).collect(),
        ..ImportOptions::new(of)
    })
}

fn step() -> impl Strategy<Value = Step> {
    let identities = ["ada@example.com", "bea@example.com", "cy@example.org", "instagram/made.up", "x/other_one"];
    let facts = prop::collection::vec(
        (select(vec!["invited", "joined", "archived", "nominee"]), select(identities.to_vec())),
        0..3,
    );
    let of =
        prop_oneof![3 => Just(RecordType::Advocate), 2 => Just(RecordType::Prospect), 2 => Just(RecordType::Creator)];
    of.prop_flat_map(move |of| {
        (options(of), lines(of), facts.clone()).prop_map(|(options, lines, facts)| Step { options, lines, facts })
    })
}

fn set_up(world: &World) {
    GROUPS.iter().for_each(|group| world.add_group(group));
    let fields: [(&str, &str, &[&str]); 6] = [
        ("Regions", "text", &[]),
        ("Tier", "single_select", &["Gold", "Silver"]),
        ("Colours", "multi_select", &["Red", "Blue"]),
        ("Size", "number", &[]),
        ("Since", "date", &[]),
        ("Opted In", "yes_no", &[]),
    ];
    for of in RecordType::ALL {
        for (name, kind, options) in fields {
            world.add_field(
                of,
                &CustomField {
                    name: name.to_owned(),
                    kind: kind.to_owned(),
                    multiple: name == "Regions",
                    options: options.iter().map(|&option| option.to_owned()).collect(),
                    of: None,
                },
            );
        }
    }
}

fn write(step: &Step, path: &Path) {
    let mut file = Vec::new();
    for line in &step.lines {
        match line {
            Line::Cells(cells) => file.extend(files::csv(std::slice::from_ref(cells))),
            Line::Raw(text) => file.extend([text.as_bytes(), b"\n"].concat()),
        }
    }
    fs::write(path, file).expect("a file");
}

/// Imports the files one after the other; what was told of them, and who is there in the end.
fn play(steps: &[Step], world: &World, folder: &Path) -> Vec<Json> {
    set_up(world);
    let path = folder.join("generated.csv");
    let mut told = Vec::new();
    for step in steps {
        write(step, &path);
        told.push(world.import(&path, &step.options).to_json(world));
        for (fact, identity) in &step.facts {
            world.set_fact_of_anybody(identity, fact);
        }
    }
    if let Some(last) = steps.last() {
        assert_eq!(world.import(&path, &last.options).created(), 0, "a file imported again created somebody");
    }
    told.push(json!(world.people()));
    told
}

/// Counts rows by outcome, issues by code, refused files.
fn tally(import: &Json, seen: &mut BTreeMap<String, u64>) {
    let mut add = |what: &str, count| *seen.entry(what.to_owned()).or_default() += count;
    add("refused", u64::from(import.get("refused").is_some()));
    for (outcome, count) in import.get("counts").and_then(Json::as_object).into_iter().flatten() {
        add(outcome, count.as_u64().expect("a count"));
    }
    let rows = import.get("rows").and_then(Json::as_array).into_iter().flatten();
    for issue in rows.flat_map(|row| row["issues"].as_array().into_iter().flatten()) {
        add(issue["code"].as_str().expect("a code"), 1);
    }
}

/// The same files in every run: a failure can be looked at again.
fn runner(workspaces: u32) -> TestRunner {
    let config = Config { cases: workspaces, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn any_file_is_checked_as_it_is_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = Database::Sqlite(folder.path());
    let number = Cell::new(0);
    let seen = RefCell::new(BTreeMap::new());
    let test = |steps: Vec<Step>| {
        number.set(number.get() + 1);
        let told = play(&steps, &World::open(&database, &number.get().to_string()), folder.path());
        told.iter().for_each(|import| tally(import, &mut seen.borrow_mut()));
        Ok(())
    };
    runner(ON_SQLITE).run(&prop::collection::vec(step(), FILES), test).unwrap_or_else(|e| panic!("{e}"));
    // Files that are refused, or full of rows that fail, would prove nothing.
    let seen = seen.into_inner();
    for outcome in ["created", "updated", "unchanged", "skipped", "failed"] {
        assert!(seen[outcome] > 300, "{seen:?}");
    }
    for issue in [
        "duplicate_in_file",
        "value_taken",
        "email_taken",
        "nominee_upgraded",
        "archived_person",
        "not_known",
        "possible_duplicate",
        "external_id_elsewhere",
    ] {
        assert!(seen[issue] > 3, "{seen:?}");
    }
    assert!(seen["refused"] < u64::from(ON_SQLITE) * FILES as u64 / 5, "{seen:?}");
}

#[test]
fn any_file_does_the_same_on_both_databases() {
    if is_quick() {
        return;
    }
    let (folder, other_folder) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let postgres = Postgres::shared().database();
    let databases = [Database::Sqlite(folder.path()), Database::Postgres(&postgres, other_folder.path())];
    let number = Cell::new(0);
    let test = |steps: Vec<Step>| {
        number.set(number.get() + 1);
        let name = number.get().to_string();
        let [one, other] = databases.each_ref().map(|db| play(&steps, &World::open(db, &name), folder.path()));
        prop_assert_eq!(one, other);
        Ok(())
    };
    runner(ON_BOTH).run(&prop::collection::vec(step(), FILES), test).unwrap_or_else(|e| panic!("{e}"));
}
