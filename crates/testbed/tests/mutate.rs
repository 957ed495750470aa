//! Readers of what strangers wrote keep their promises about mutated input: a short run of each target of `mutate`.
//! Invariant: a run that stalls fails as one that finds something does.

use std::process::{Command, Output};

fn mutate(arguments: &[&str]) -> Output {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let mut program = Command::new(env!("CARGO_BIN_EXE_mutate"));
    program.args(arguments).args(["--out", folder]).output().expect("mutate can be started")
}

fn holds(target: &str) {
    let run = mutate(&[target, "--seconds", "2"]);
    let (out, complaint) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success() && complaint.is_empty(), "{out}{complaint}");
    let inputs = out.split(" inputs,").next().and_then(|before| before.rsplit(' ').next());
    let inputs: u64 = inputs.and_then(|number| number.parse().ok()).expect("the number of inputs is printed");
    assert!(inputs > 20, "{out}");
}

macro_rules! holds {
    ($($name:ident: $target:literal;)*) => {$(
        #[test]
        fn $name() {
            holds($target);
        }
    )*};
}

holds! {
    mutated_bytes_are_decoded_the_same_whatever_the_blocks: "decoder";
    mutated_tables_are_read_the_same_from_every_record: "dialect";
    mutated_workbooks_are_tables_or_refused: "workbook";
    mutated_handles_are_refused_or_the_same_as_shown: "handle";
    mutated_addresses_are_refused_or_the_same_as_compared: "email";
    mutated_headers_never_make_two_columns_one_field: "header";
}

#[test]
fn an_unknown_target_is_named() {
    let run = mutate(&["nothing"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).starts_with("unknown target nothing\n"));
}
