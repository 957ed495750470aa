//! Sample files are what they promise: repeatable, of the promised mix, and exact about whom an
//! importer would create.

use std::collections::HashSet;

use convoke_testbed::people::{Advocates, AllBad, Creators, Prospects, Written};

#[test]
fn equal_settings_make_equal_bytes() {
    let [one, other] = [(); 2].map(|()| csv(|out| Advocates::new(3_000).write(out)).0);
    assert_eq!(one, other);
    let seeded = csv(|out| Advocates { seed: 7, ..Advocates::new(3_000) }.write(out)).0;
    assert_ne!(one, seeded);
}

#[test]
fn the_accepted_people_are_those_a_naive_importer_creates() {
    let mut accepted = vec![];
    let (file, written) = csv(|out| Advocates::new(20_000).write_with_accepted(out, &mut accepted));
    let rows = records(&file);
    assert_eq!(rows.len() as u64 - 1, written.rows);

    let mut seen = HashSet::new();
    let mut created = vec![];
    let (mut bad, mut repeats) = (0, 0);
    for row in &rows[1..] {
        let email = row[1].trim().to_lowercase();
        if !is_email(&email) {
            bad += 1;
        } else if !seen.insert(email.clone()) {
            repeats += 1;
        } else {
            let mut row = row.clone();
            row[1] = email;
            row.insert(0, (created.len() + 1).to_string());
            created.push(row);
        }
    }
    assert_eq!((written.bad, written.repeats), (bad, repeats));
    assert_eq!(written.accepted, created.len() as u64);
    assert_eq!(records(&String::from_utf8(accepted).unwrap())[1..], created);
}

#[test]
fn the_mix_is_the_promised_one() {
    let (file, written) = csv(|out| Advocates::new(50_000).write(out));
    let rows = records(&file);
    let share = |count: u64| count as f64 * 100.0 / written.rows as f64;
    let rows_with =
        |property: fn(&[String]) -> bool| share(rows[1..].iter().filter(|row| property(row)).count() as u64);
    let shares = [
        ("bad", share(written.bad), 2.0),
        ("repeated", share(written.repeats), 3.0),
        ("disguised", rows_with(|row| is_email(row[1].trim()) && row[1] != row[1].trim().to_lowercase()), 1.0),
        ("two lines", rows_with(|row| row[2].contains('\n')), 1.0),
        ("beyond ASCII", rows_with(|row| !row[0].is_ascii()), 12.0),
    ];
    for (what, is, wanted) in shares {
        assert!((wanted * 0.85..wanted * 1.15).contains(&is), "{what}: {is} % instead of {wanted} %");
    }
    let bytes_per_row = file.len() as u64 / written.rows;
    assert!((178..192).contains(&bytes_per_row), "{bytes_per_row} bytes a row");
}

#[test]
fn overlapping_ranges_share_their_people() {
    let clean = Advocates { clean: true, ..Advocates::new(1_000) };
    let (all, written) = csv(|out| clean.write(out));
    assert_eq!(written, Written { rows: 1_000, accepted: 1_000, bad: 0, repeats: 0 });
    let (some, _) = csv(|out| Advocates { rows: 5, start: 11, stride: 200, ..clean.clone() }.write(out));
    let all = records(&all);
    let expected: Vec<_> = [0, 11, 211, 411, 611, 811].map(|row| all[row].clone()).into();
    assert_eq!(records(&some), expected);
}

#[test]
fn a_changed_file_differs_in_titles_only() {
    let plain = Advocates::new(2_000);
    let changed = Advocates { changed: true, ..plain.clone() };
    let [plain, changed] = [plain, changed].map(|advocates| records(&csv(|out| advocates.write(out)).0));
    for (mut plain, changed) in plain.into_iter().zip(changed).skip(1) {
        plain[2] = format!("New {}", plain[2]);
        assert_eq!(plain, changed);
    }
}

#[test]
fn every_row_of_the_bad_file_is_bad() {
    let (file, written) = csv(|out| AllBad::new(500).write(out));
    assert_eq!(written, Written { rows: 500, accepted: 0, bad: 500, repeats: 0 });
    assert!(records(&file)[1..].iter().all(|row| !is_email(&row[1])));
}

#[test]
fn creators_are_told_apart_by_platform_and_handle() {
    let (file, written) = csv(|out| Creators::new(5_000).write(out));
    let handles: Vec<_> = records(&file)[1..]
        .iter()
        .map(|row| (row[0].clone(), row[1].trim_start_matches('@').to_owned()))
        .filter(|(_, handle)| !handle.is_empty())
        .collect();
    assert_eq!(handles.len() as u64, written.rows - written.bad);
    assert_eq!(handles.into_iter().collect::<HashSet<_>>().len() as u64, written.accepted);
}

#[test]
fn prospects_stand_in_the_given_groups() {
    let (file, written) = csv(|out| Prospects::new(1_000, &["Lunch", "Berlin, 2026"]).write(out));
    let rows = records(&file);
    let groups: HashSet<&str> = rows[1..].iter().map(|row| row[5].as_str()).collect();
    assert_eq!(groups, HashSet::from(["Lunch", "Berlin, 2026"]));
    assert_eq!(written.rows, written.accepted + written.bad + written.repeats);
}

fn csv(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<Written>) -> (String, Written) {
    let mut file = vec![];
    let written = write(&mut file).expect("a vector takes everything");
    (String::from_utf8(file).expect("sample files are UTF-8"), written)
}

/// A reader of its own, so that a mistake of the writer shows.
fn records(file: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell) = (vec![], vec![], String::new());
    let mut is_quoted = false;
    let mut characters = file.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => cell.extend(characters.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => record.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            _ => cell.push(character),
        }
    }
    records
}

fn is_email(text: &str) -> bool {
    matches!(text.split('@').collect::<Vec<_>>()[..], [local, domain]
        if !local.is_empty() && !text.contains(' ') && domain.contains('.'))
}
