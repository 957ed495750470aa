//! Options that a hint names. Hints are written once, with the names of the command line; the API calls options by their
//! own names, between backticks, so that a command that asked a server can call them by its own again.

/// An option as it is typed, as a request or the configuration says it, and whether a value may follow.
const OPTIONS: [(&str, &str, bool); 20] = [
    ("--max-rows", "limits.rows", false),
    ("--max-bytes", "limits.bytes", false),
    ("--encoding", "encoding", true),
    ("--delimiter", "delimiter", true),
    ("--header-row", "header_row", true),
    ("--sheet", "sheet", true),
    ("--map", "map", true),
    ("--mapping", "mapping", true),
    ("--ignore", "ignore", true),
    ("--ignore-unknown", "ignore_unknown", false),
    ("--accounts", "accounts", true),
    ("--dates", "dates", true),
    ("--decimal", "decimal", true),
    ("--clear-token", "clear_token", true),
    ("--max-failed", "max_failed", true),
    ("--policy", "policy", true),
    ("--nominees", "nominees", false),
    ("--group", "group", true),
    ("--option", "options", true),
    ("--type", "type", true),
];

/// A hint for programs: `--header-row 3` is called `header_row=3`, between backticks.
pub fn in_api(hint: &str) -> String {
    let (mut told, mut rest) = (String::with_capacity(hint.len()), hint);
    while let Some(at) = rest.find("--") {
        told.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(|c: char| c != '-' && !c.is_ascii_lowercase()).unwrap_or(rest.len());
        let (typed, behind) = rest.split_at(end);
        rest = behind;
        match OPTIONS.iter().find(|(known, ..)| *known == typed) {
            None => told.push_str(typed),
            Some((_, name, takes_value)) => {
                let value = if *takes_value { value_of(behind) } else { None };
                let said = value.map(|value| format!("={value}")).unwrap_or_default();
                told.push_str(&format!("`{name}{said}`"));
                rest = &behind[value.map_or(0, |value| value.len() + 1)..];
            }
        }
    }
    told + rest
}

/// A hint of the API for whoever types commands.
pub fn in_command_line(hint: &str) -> String {
    let (mut told, mut rest) = (String::with_capacity(hint.len()), hint);
    while let Some((before, behind)) = rest.split_once('`') {
        told.push_str(before);
        let quoted = behind.split_once('`').and_then(|(inside, after)| Some((typed(inside)?, after)));
        rest = match quoted {
            Some((typed, after)) => {
                told.push_str(&typed);
                after
            }
            None => {
                told.push('`');
                behind
            }
        };
    }
    told + rest
}

fn typed(said: &str) -> Option<String> {
    let (name, value) = said.split_once('=').map_or((said, None), |(name, value)| (name, Some(value)));
    let (typed, ..) = OPTIONS.iter().find(|(_, known, _)| *known == name)?;
    Some(value.map_or_else(|| (*typed).to_owned(), |value| format!("{typed} {value}")))
}

/// The value behind the name of an option, if one stands there: a word, or what is quoted.
fn value_of(behind: &str) -> Option<&str> {
    let behind = behind.strip_prefix(' ')?;
    let value = match behind.strip_prefix('"') {
        Some(quoted) => &behind[..quoted.find('"')? + 2],
        None => {
            let end = behind.find(|c: char| c.is_whitespace() || ",;)".contains(c)).unwrap_or(behind.len());
            behind[..end].trim_end_matches(['.', ':'])
        }
    };
    (!value.is_empty() && !["and", "or"].contains(&value) && !value.contains('`')).then_some(value)
}

#[cfg(test)]
mod tests {
    use convoke_pipeline::issue::IssueCode;

    use super::*;

    #[test]
    fn each_channel_calls_an_option_by_its_own_name() {
        for (command_line, api) in [
            ("The operator can raise the limit (--max-rows).", "The operator can raise the limit (`limits.rows`)."),
            ("Say which with --dates dmy or --dates mdy.", "Say which with `dates=dmy` or `dates=mdy`."),
            ("Say which it is with --encoding, or save it.", "Say which it is with `encoding`, or save it."),
            ("Leave out --encoding and --delimiter.", "Leave out `encoding` and `delimiter`."),
            ("Say which row holds them: --header-row N, as ...", "Say which row holds them: `header_row=N`, as ..."),
            (
                "Map it (--map \"Work mail=email\"), leave it out (--ignore \"A, b\" or --ignore-unknown)",
                "Map it (`map=\"Work mail=email\"`), leave it out (`ignore=\"A, b\"` or `ignore_unknown`)",
            ),
            ("Give it --map A=FIELD, --ignore A.", "Give it `map=A=FIELD`, `ignore=A`."),
            ("convoke token create NAME --scope export", "convoke token create NAME --scope export"),
            ("Leave out --ignore \"a`b\" -- and `c`", "Leave out `ignore` \"a`b\" -- and `c`"),
            ("", ""),
        ] {
            assert_eq!(in_api(command_line), api);
            assert_eq!(in_command_line(api), command_line);
        }
    }

    #[test]
    fn every_hint_about_a_row_is_the_same_again_in_the_command_line() {
        for code in IssueCode::ALL {
            let told = in_api(code.hint());
            assert_eq!(in_command_line(&told), code.hint());
            assert!(!told.contains("--"), "{told}");
        }
    }
}
