//! Changes bytes as damage, haste and malice do: flips, cuts, repeats, splices, signs that mean something.
//! Invariant: the result depends on its arguments alone and is no longer than the largest input.

use std::ops::Range;

use fastrand::Rng;

use crate::MAX_INPUT;

/// Bytes at the edges of what bytes mean.
const EDGES: &[u8] =
    &[0, 1, 9, 10, 13, 0x1B, 0x20, 0x22, 0x27, 0x5C, 0x7F, 0x80, 0xBF, 0xC0, 0xC3, 0xE0, 0xED, 0xF0, 0xF5, 0xFE, 0xFF];

/// What structures a text in any format.
const STRUCTURE: &[&str] = &[
    ",", ";", "\t", "|", "\"", "\"\"", "\\\"", "'", "\r", "\n", "\r\n", "\n\n", "\0", "\u{FEFF}", "sep=;\n", " ",
    "\u{A0}",
];

/// Numbers at the edges of what numbers are kept in.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1",
    "127",
    "255",
    "32768",
    "65535",
    "65536",
    "1048576",
    "1048577",
    "2147483647",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551616",
    "1e308",
    "1e-400",
    "-0",
    "NaN",
    "00000000000000000000001",
];

/// One to a few changes of `input`; `other` lends slices, `words` mean something to who reads it.
pub(crate) fn mutate(input: &[u8], other: &[u8], words: &[&str], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = input.to_vec();
    // Mostly one change: several at once hide what each did.
    for _ in 0..=rng.u8(..8).saturating_sub(4) {
        change(&mut bytes, other, words, rng);
        bytes.truncate(MAX_INPUT);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], words: &[&str], rng: &mut Rng) {
    let at = rng.usize(..=bytes.len());
    match rng.u8(..16) {
        0 => flip_a_bit(bytes, rng),
        1 => overwrite(bytes, at, &[rng.u8(..)]),
        2 => overwrite(bytes, at, &[pick(EDGES, rng)]),
        3 => insert(bytes, at, &[pick(EDGES, rng)]),
        4 => drop(bytes.drain(slice(bytes.len(), rng))),
        5 => {
            let piece = bytes[slice(bytes.len(), rng)].to_vec();
            insert(bytes, at, &piece);
        }
        6 => insert(bytes, at, &other[slice(other.len(), rng)]),
        7 => {
            // The head of one and the tail of the other.
            bytes.truncate(at);
            bytes.extend_from_slice(&other[rng.usize(..=other.len())..]);
        }
        8 if rng.u8(..4) == 0 => bytes.truncate(at),
        9 => replace_number(bytes, rng),
        10 | 11 => sprinkle(bytes, STRUCTURE, rng),
        12 if rng.u8(..4) == 0 => repeat(bytes, rng),
        13 if rng.u8(..16) == 0 => *bytes = widen(bytes, rng),
        _ if words.is_empty() => sprinkle(bytes, STRUCTURE, rng),
        _ => insert(bytes, at, pick(words, rng).as_bytes()),
    }
}

fn pick<T: Copy>(all: &[T], rng: &mut Rng) -> T {
    all[rng.usize(..all.len())]
}

/// A piece of something so long: mostly a short one.
fn slice(length: usize, rng: &mut Rng) -> Range<usize> {
    let start = rng.usize(..=length);
    let most = length - start;
    let most = if rng.u8(..4) == 0 { most } else { most.min(16) };
    start..start + rng.usize(..=most)
}

fn flip_a_bit(bytes: &mut [u8], rng: &mut Rng) {
    if !bytes.is_empty() {
        bytes[rng.usize(..bytes.len())] ^= 1 << rng.u8(..8);
    }
}

fn overwrite(bytes: &mut [u8], at: usize, piece: &[u8]) {
    let there = bytes.len().min(at + piece.len());
    bytes[at..there].copy_from_slice(&piece[..there - at]);
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}

fn sprinkle(bytes: &mut Vec<u8>, signs: &[&str], rng: &mut Rng) {
    let sign = pick(signs, rng);
    for _ in 0..rng.u8(1..6) {
        insert(bytes, rng.usize(..=bytes.len()), sign.as_bytes());
    }
}

/// Puts a number at an edge in the place of one that stands there.
fn replace_number(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let from = rng.usize(..=bytes.len());
    let Some(start) = bytes[from..].iter().position(u8::is_ascii_digit) else { return };
    let start = from + start;
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    bytes.splice(start..start + length, pick(NUMBERS, rng).bytes());
}

/// A piece many times over; now and then until nothing more fits.
fn repeat(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let range = slice(bytes.len(), rng);
    if range.is_empty() {
        return;
    }
    let most = if rng.u8(..16) == 0 { MAX_INPUT } else { 16 * 1024 };
    let room = most.saturating_sub(bytes.len());
    let times = rng.usize(..=room / range.len());
    let piece = bytes[range.clone()].repeat(times);
    insert(bytes, range.end, &piece);
}

/// ASCII as UTF-16 or UTF-32 writes it: with NUL bytes around every byte.
fn widen(bytes: &[u8], rng: &mut Rng) -> Vec<u8> {
    let (width, place) = pick(&[(2, 0), (2, 1), (4, 0), (4, 3)], rng);
    let wide = |byte: &u8| (0..width).map(move |at| if at == place { *byte } else { 0 }).collect::<Vec<_>>();
    bytes.iter().flat_map(wide).take(MAX_INPUT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Inputs that grow out of one another.
    fn grown(seed: u64) -> Vec<Vec<u8>> {
        let mut rng = Rng::with_seed(seed);
        let mut inputs = vec![b"Name,Email\nAnna,anna@example.com\n".to_vec(), vec![]];
        for _ in 0..2_000 {
            let (one, other) = (pick_one(&inputs, &mut rng), pick_one(&inputs, &mut rng));
            inputs.push(mutate(one, other, &["@"], &mut rng));
        }
        inputs
    }

    fn pick_one<'i>(inputs: &'i [Vec<u8>], rng: &mut Rng) -> &'i [u8] {
        &inputs[rng.usize(..inputs.len())]
    }

    #[test]
    fn a_seed_makes_the_same_inputs_again() {
        assert!(grown(1) == grown(1));
        assert!(grown(1) != grown(2));
    }

    #[test]
    fn inputs_are_small_and_large_and_never_too_large() {
        let sizes: Vec<_> = grown(3).iter().map(Vec::len).collect();
        let (smallest, largest) = (sizes.iter().min(), sizes.iter().max());
        assert!(smallest == Some(&0) && largest > Some(&(MAX_INPUT / 2)) && largest <= Some(&MAX_INPUT), "{largest:?}");
    }
}
