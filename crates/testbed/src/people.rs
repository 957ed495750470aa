//! Sample files of made-up people. Invariant: a row is a pure function of the seed and the person's
//! number, so equal settings make equal bytes and overlapping ranges share their people; only whom
//! a row repeats also depends on where its file starts. Nothing is remembered between rows.

mod person;
mod range;
mod words;

use std::io::{self, Write};

use person::{Bad, Person};
use range::{Fate, Range};

/// The seed nobody chose.
pub const SEED: u64 = 42;

/// The header of [`Advocates`] and [`AllBad`]; the last two columns need custom fields with several
/// values.
pub const ADVOCATE_COLUMNS: [&str; 12] = [
    "Name",
    "Email",
    "Title",
    "Company",
    "Salesforce ID",
    "Position",
    "Product",
    "Industry",
    "External Contact ID",
    "External Account ID",
    "Interests",
    "Regions",
];

/// The header of [`Creators`].
pub const CREATOR_COLUMNS: [&str; 8] =
    ["Platform", "Handle", "Name", "Email", "Country", "Followers", "Engagement Rate", "Tags"];

/// The header of [`Prospects`].
pub const PROSPECT_COLUMNS: [&str; 6] = ["Name", "Email", "Company", "Website", "Country", "Group"];

/// What a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows below the header.
    pub rows: u64,
    /// The people an importer creates in an empty workspace: valid rows, first occurrences only.
    pub accepted: u64,
    /// Rows that fail: a bad e-mail address, for creators a missing handle.
    pub bad: u64,
    /// Rows about somebody of an earlier row that did not fail.
    pub repeats: u64,
}

/// Advocates with about 185 bytes a row: 2 % bad e-mail addresses, 3 % repeated people (a third of
/// them in other letter case or between blanks), 1 % quoted line breaks, 12 % names beyond ASCII.
#[derive(Clone, Debug)]
pub struct Advocates {
    /// Rows below the header.
    pub rows: u64,
    /// Another seed makes other people under the same e-mail numbers.
    pub seed: u64,
    /// The number of the first person.
    pub start: u64,
    /// The distance from one person's number to the next one's: 200 takes every 200th of a range.
    pub stride: u64,
    /// Only valid rows without repeats and line breaks.
    pub clean: bool,
    /// The same people with `New ` before their title.
    pub changed: bool,
}

impl Advocates {
    /// The first `rows` people with everything the mix has.
    pub fn new(rows: u64) -> Self {
        Self { rows, seed: SEED, start: 1, stride: 1, clean: false, changed: false }
    }

    /// Writes the file as CSV.
    pub fn write(&self, file: &mut impl Write) -> io::Result<Written> {
        self.write_both(file, None::<&mut io::Sink>)
    }

    /// Writes the file, and beside it what an importer would create: a number first, then the same
    /// columns, e-mail addresses in lower case.
    pub fn write_with_accepted(&self, file: &mut impl Write, accepted: &mut impl Write) -> io::Result<Written> {
        self.write_both(file, Some(accepted))
    }

    fn write_both(&self, file: &mut impl Write, mut accepted: Option<&mut impl Write>) -> io::Result<Written> {
        let Self { rows, seed, start, stride, clean, changed } = *self;
        let mut line = Line::default();
        file.write_all(line.of(ADVOCATE_COLUMNS))?;
        if let Some(accepted) = &mut accepted {
            accepted.write_all(line.of(std::iter::once("id").chain(ADVOCATE_COLUMNS)))?;
        }
        Range { rows, seed, start, stride, clean }.write(|number, fate, written| {
            let person = Person::new(seed, fate.person(number));
            let row = advocate(&person, fate, changed);
            file.write_all(line.of(row.iter().map(String::as_str)))?;
            match &mut accepted {
                Some(accepted) if fate.is_accepted() => {
                    let id = written.accepted.to_string();
                    accepted.write_all(line.of(std::iter::once(&id).chain(&row).map(String::as_str)))
                }
                _ => Ok(()),
            }
        })
    }
}

/// Creators: found by platform and handle, a third without an e-mail address, 3 % repeats.
#[derive(Clone, Debug)]
pub struct Creators {
    /// Rows below the header.
    pub rows: u64,
    /// Another seed makes other people.
    pub seed: u64,
    /// The number of the first person.
    pub start: u64,
}

impl Creators {
    /// The first `rows` creators.
    pub fn new(rows: u64) -> Self {
        Self { rows, seed: SEED, start: 1 }
    }

    /// Writes the file as CSV.
    pub fn write(&self, file: &mut impl Write) -> io::Result<Written> {
        let mut line = Line::default();
        file.write_all(line.of(CREATOR_COLUMNS))?;
        Range::every(self.rows, self.seed, self.start).write(|number, fate, _| {
            let mut person = Person::new(self.seed, fate.person(number));
            let [followers, engagement] = person.reach();
            // A bad row of creators is one without a handle: its e-mail address may be missing.
            let handle = if matches!(fate, Fate::Bad(_)) { String::new() } else { person.handle() };
            let email = if person.shows_email() { person.email.as_str() } else { "" };
            let row = [person.platform, &handle, &person.name, email, person.country, &followers, &engagement];
            file.write_all(line.of(row.into_iter().chain(std::iter::once(person.interests.as_str()))))
        })
    }
}

/// Prospects with a `Group` column; 2 % bad e-mail addresses, 3 % repeats.
#[derive(Clone, Debug)]
pub struct Prospects {
    /// Rows below the header.
    pub rows: u64,
    /// Another seed makes other people.
    pub seed: u64,
    /// The number of the first person.
    pub start: u64,
    /// The groups to choose from; none leaves the column blank.
    pub groups: Vec<String>,
}

impl Prospects {
    /// The first `rows` prospects, spread over `groups`.
    pub fn new(rows: u64, groups: &[&str]) -> Self {
        Self { rows, seed: SEED, start: 1, groups: groups.iter().map(|&group| group.to_owned()).collect() }
    }

    /// Writes the file as CSV.
    pub fn write(&self, file: &mut impl Write) -> io::Result<Written> {
        let mut line = Line::default();
        file.write_all(line.of(PROSPECT_COLUMNS))?;
        Range::every(self.rows, self.seed, self.start).write(|number, fate, _| {
            let person = Person::new(self.seed, fate.person(number));
            let website = format!("https://p{}.example.com", person.number);
            let group = match self.groups.len() as u64 {
                0 => "",
                // By the row, not the person: a repeat may add another group.
                groups => &self.groups[(number % groups) as usize],
            };
            let email = written_email(&person, fate);
            file.write_all(line.of([&person.name, &email, &person.company, &website, person.country, group]))
        })
    }
}

/// Advocates of whom every row fails: its e-mail address is bad.
#[derive(Clone, Debug)]
pub struct AllBad {
    /// Rows below the header.
    pub rows: u64,
    /// Another seed makes other people.
    pub seed: u64,
    /// The number of the first person.
    pub start: u64,
}

impl AllBad {
    /// The first `rows` failures.
    pub fn new(rows: u64) -> Self {
        Self { rows, seed: SEED, start: 1 }
    }

    /// Writes the file as CSV.
    pub fn write(&self, file: &mut impl Write) -> io::Result<Written> {
        let mut line = Line::default();
        file.write_all(line.of(ADVOCATE_COLUMNS))?;
        for number in self.start..self.start + self.rows {
            let row = advocate(&Person::new(self.seed, number), Fate::Bad(Bad::of(number)), false);
            file.write_all(line.of(row.iter().map(String::as_str)))?;
        }
        Ok(Written { rows: self.rows, bad: self.rows, ..Written::default() })
    }
}

fn advocate(person: &Person, fate: Fate, changed: bool) -> [String; 12] {
    let prefix = if changed { "New " } else { "" };
    let title = match fate {
        Fate::Repeat { .. } => format!("{prefix}Updated {}", person.title),
        Fate::TwoLines => format!("{prefix}{}\n(second line, \"quoted\")", person.title),
        Fate::Plain | Fate::Bad(_) => format!("{prefix}{}", person.title),
    };
    [
        person.name.clone(),
        written_email(person, fate),
        title,
        person.company.clone(),
        person.salesforce_id.clone(),
        person.position.to_owned(),
        person.product.to_owned(),
        person.industry.to_owned(),
        format!("CON-{:09}", person.number),
        person.account_id.clone(),
        person.interests.clone(),
        person.regions.clone(),
    ]
}

fn written_email(person: &Person, fate: Fate) -> String {
    match fate {
        Fate::Bad(bad) => bad.email(&person.email),
        Fate::Repeat { disguised: true, .. } if person.number.is_multiple_of(2) => person.email.to_uppercase(),
        Fate::Repeat { disguised: true, .. } => format!(" {}  ", person.email),
        _ => person.email.clone(),
    }
}

/// One line of CSV (RFC 4180, lines end in LF), in a buffer used again and again.
#[derive(Default)]
struct Line(Vec<u8>);

impl Line {
    fn of<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> &[u8] {
        self.0.clear();
        for cell in cells {
            if cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
                self.0.push(b'"');
                self.0.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                self.0.push(b'"');
            } else {
                self.0.extend_from_slice(cell.as_bytes());
            }
            self.0.push(b',');
        }
        if let Some(last) = self.0.last_mut() {
            *last = b'\n';
        }
        &self.0
    }
}
