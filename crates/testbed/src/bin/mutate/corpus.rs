//! Public files to begin with, where there are any. Invariant: their order is the same on every machine, so that a seed
//! means the same run.

use std::fs;
use std::path::{Path, PathBuf};

/// The files below a folder of the corpora that end so; none if there is no such folder.
pub(crate) fn files(corpora: Option<&Path>, folder: &str, endings: &[&str]) -> Vec<Vec<u8>> {
    let Some(corpora) = corpora else { return vec![] };
    let mut paths = vec![];
    collect(&corpora.join(folder), &mut paths);
    paths.sort();
    let fitting = |path: &PathBuf| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending));
    paths.into_iter().filter(fitting).filter_map(|path| fs::read(path).ok()).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, paths) } else { paths.push(path) }
    }
}

/// Every cell of the tables of tab-separated text in a folder.
pub(crate) fn cells(corpora: Option<&Path>, folder: &str) -> Vec<Vec<u8>> {
    let tables = files(corpora, folder, &[".tsv"]);
    tables.iter().flat_map(|table| table.split(|byte| matches!(byte, b'\t' | b'\n'))).map(<[u8]>::to_vec).collect()
}

/// Tables as text.
pub(crate) fn tables(corpora: Option<&Path>) -> Vec<Vec<u8>> {
    let mut tables = files(corpora, "csv-spectrum/csvs", &[".csv"]);
    tables.extend(files(corpora, "commons-csv", &[".csv", ".txt"]));
    tables.extend(files(corpora, "papaparse", &[".csv"]));
    tables.extend(files(corpora, "frictionless", &[".csv", ".tsv"]));
    tables
}

/// Built-in seeds as bytes.
pub(crate) fn built_in(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
