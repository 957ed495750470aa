//! The judge of header recognition: header rows of real products and files, each column with its right meaning
//! (`headers/rows.json`). What is decided without asking is never wrong; `docs/headers.md` says how much is decided.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use convoke_people::record_type::RecordType;
use convoke_pipeline::account_headers::{BEHIND, COUNTS, IN_FRONT};
use convoke_pipeline::headers::recognise;
use convoke_pipeline::mapping::Target;
use convoke_pipeline::neighbours::{RULES, When};
use convoke_pipeline::settings::Settings;
use convoke_pipeline::suggesting::{Why, suggest};
use convoke_pipeline::synonyms::{TABLE, names};
use serde::Deserialize;

/// A header row as a product writes it.
#[derive(Deserialize)]
struct Row {
    source: String,
    #[serde(rename = "as")]
    record_type: RecordType,
    columns: Vec<(String, Meaning)>,
}

/// The right meaning of a column; of several each will do, and None is to be left alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Meaning {
    One(Option<String>),
    AnyOf(Vec<Option<String>>),
}

impl Meaning {
    fn allows(&self, found: Option<&str>) -> bool {
        match self {
            Self::One(right) => right.as_deref() == found,
            Self::AnyOf(right) => right.iter().any(|right| right.as_deref() == found),
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Tally {
    /// Mapped, and rightly.
    mapped: usize,
    /// Left alone, and rightly.
    left: usize,
    undecided: usize,
    wrong: usize,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.mapped += other.mapped;
        self.left += other.left;
        self.undecided += other.undecided;
        self.wrong += other.wrong;
    }
}

fn rows() -> Vec<Row> {
    serde_json::from_str(include_str!("headers/rows.json")).expect("rows.json")
}

fn name(target: Target, settings: &Settings) -> String {
    match target {
        Target::Field(field) => field.key().to_owned(),
        Target::Account(platform) => format!("account:{}", platform.key()),
        other => other.label(settings).to_lowercase().replace(' ', "_"),
    }
}

/// What becomes of a row's columns without asking, and sentences about those that did not come out right.
fn judge(row: &Row) -> (Tally, Vec<String>) {
    let settings = Settings::new(row.record_type);
    let headers: Vec<_> = row.columns.iter().map(|(header, _)| header.trim().to_owned()).collect();
    let recognised = recognise(&headers, &settings, |_| true);
    let mut tally = Tally::default();
    let mut complaints = Vec::new();
    for ((header, right), found) in row.columns.iter().zip(recognised) {
        let found = found.map(|found| name(found.target, &settings));
        let verdict = match (right.allows(found.as_deref()), &found) {
            (true, Some(_)) => &mut tally.mapped,
            (true, None) => &mut tally.left,
            (false, None) => {
                complaints.push(format!("undecided: \"{header}\" in {}", row.source));
                &mut tally.undecided
            }
            (false, Some(found)) => {
                complaints.push(format!("WRONG: \"{header}\" as {found} in {}", row.source));
                &mut tally.wrong
            }
        };
        *verdict += 1;
    }
    (tally, complaints)
}

#[test]
fn no_column_is_mapped_wrongly_without_asking() {
    let mut total = Tally::default();
    for row in rows() {
        let (tally, complaints) = judge(&row);
        total += tally;
        complaints.iter().for_each(|complaint| println!("{complaint}"));
        let Tally { mapped, left, undecided, wrong } = tally;
        println!("{mapped:4} mapped {left:4} left {undecided:4} undecided {wrong:4} wrong  {}", row.source);
    }
    let Tally { mapped, left, undecided, wrong } = total;
    println!("{mapped:4} mapped {left:4} left {undecided:4} undecided {wrong:4} wrong  in total");
    assert_eq!(wrong, 0);
    assert!(mapped >= MAPPED_AT_LEAST, "{mapped} columns are mapped rightly, fewer than {MAPPED_AT_LEAST}");
}

/// What was reached; fewer would be a step back.
const MAPPED_AT_LEAST: usize = 944;

#[test]
fn no_field_is_mapped_twice_unless_its_header_stands_twice() {
    for row in rows() {
        let settings = Settings::new(row.record_type);
        let headers: Vec<_> = row.columns.iter().map(|(header, _)| header.trim().to_owned()).collect();
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (header, found) in headers.iter().zip(recognise(&headers, &settings, |_| true)) {
            let Some(found) = found else { continue };
            let first = *seen.entry(name(found.target, &settings)).or_insert(header);
            assert_eq!(first.to_lowercase(), header.to_lowercase(), "{}", row.source);
        }
    }
}

/// Suggestions by similar headers: right ones, and wrong ones, which somebody has to decline.
fn judge_suggestions(row: &Row) -> (usize, Vec<String>) {
    let settings = Settings::new(row.record_type);
    let headers: Vec<_> = row.columns.iter().map(|(header, _)| header.trim().to_owned()).collect();
    let mut right = 0;
    let mut wrong = Vec::new();
    for ((header, meaning), found) in row.columns.iter().zip(suggest(&headers, &[], &settings, &[])) {
        let (Some(target), Why::Similar) = (found.target, found.why) else { continue };
        let target = name(target, &settings);
        if meaning.allows(Some(&target)) {
            right += 1;
        } else {
            wrong.push(format!("\"{header}\" as {target}, {} %, in {}", found.certainty, row.source));
        }
    }
    (right, wrong)
}

#[test]
fn nothing_wrong_is_suggested() {
    let judged: Vec<_> = rows().iter().map(judge_suggestions).collect();
    let wrong: Vec<_> = judged.iter().flat_map(|(_, wrong)| wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(judged.iter().any(|(right, _)| *right > 0), "nothing was suggested at all");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch of the test itself")]
fn the_page_of_headers_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/headers.md");
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        fs::write(&path, &page).expect("the page can be written");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "docs/headers.md is stale: UPDATE_DOCS=1 cargo test -p convoke-pipeline --test headers");
}

fn page() -> String {
    let settings = Settings::new(RecordType::Advocate);
    let mut page = String::from(
        "# Headers\n\nGenerated from the tables in the code. A header is compared without case, accents, blanks and \
         punctuation: `E-Mail`, `e_mail` and `EMAIL` are one. Of several columns that mean the same field the one further \
         to the front of its list is it, and the others are left to decide; those of the last column are the field only \
         where no other column is.\n\n| field | English | German | French | Spanish | of products | for want of a better \
         one |\n|---|---|---|---|---|---|---|\n",
    );
    for entry in TABLE {
        let lists =
            [entry.english, entry.german, entry.french, entry.spanish, entry.products, entry.fallback].map(listed);
        let _ = writeln!(page, "| {} | {} |", entry.target.label(&settings), lists.join(" | "));
    }
    page.push_str(
        "\n## Beside other columns\n\nThe first rule that fits decides.\n\n| header | when | means | because |\n|---|---|---|---|\n",
    );
    for rule in RULES {
        let when = match rule.when {
            When::Beside(list) => format!("beside one of {}", listed(list)),
            When::BesideAll(list) => format!("beside all of {}", listed(list)),
            When::CreatorsBeside(list) => format!("creators, beside one of {}", listed(list)),
            When::NotCreators => "prospects and advocates".to_owned(),
        };
        let means = rule.means.map_or_else(|| "nothing by itself".to_owned(), |target| target.label(&settings));
        let _ = writeln!(page, "| {} | {when} | {means} | {} |", listed(rule.headers), rule.because);
    }
    let _ = write!(
        page,
        "\n## Columns of accounts\n\nThe name of a platform or a usual short form of it (`IG`, `TT`, `YT`, `FB`), alone, behind one of \
         {}, or in front of one of {}, is the column of its accounts. For prospects short forms alone, and for all `X` alone, count \
         only beside another platform. With {} behind it, it is Followers where the file has no other platform.\n",
        listed(IN_FRONT),
        listed(BEHIND),
        listed(COUNTS),
    );
    page.push_str(&totals());
    page
}

fn listed(list: &'static str) -> String {
    names(list).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn totals() -> String {
    let rows = rows();
    let mut text = format!(
        "\n## How often it is right\n\nJudged by {} header rows of CRMs, shops, mail and creator tools and public files. The \
         tables above were written with these rows at hand, so files of other programs will do worse. *Undecided* means that a field was there and somebody has to say which; nothing is guessed.\n\n| rows | | mapped \
         rightly | left alone rightly | undecided | wrong |\n|---|---:|---:|---:|---:|---:|\n",
        rows.len()
    );
    let types = RecordType::ALL.map(Some).into_iter().chain([None]);
    for record_type in types {
        let those: Vec<_> = rows.iter().filter(|row| record_type.is_none_or(|it| row.record_type == it)).collect();
        let mut tally = Tally::default();
        those.iter().for_each(|row| tally += judge(row).0);
        let Tally { mapped, left, undecided, wrong } = tally;
        let (group, count) = (record_type.map_or("in total", RecordType::plural), those.len());
        let _ = writeln!(text, "| {group} | {count} | {mapped} | {left} | {undecided} | {wrong} |");
    }
    text
}
