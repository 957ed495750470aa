//! Numbers and times as people and programs read them.

use convoke_app::imports::shapes::rfc3339;

/// 1234567 is 1,234,567.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// "1 row", "2 rows".
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// Shares of a whole in tenths of a percent. They add up to 100 %: what rounding leaves over goes to the largest rests.
pub(crate) fn shares(parts: &[u64]) -> Vec<u64> {
    let whole: u128 = parts.iter().map(|part| u128::from(*part)).sum();
    if whole == 0 {
        return vec![0; parts.len()];
    }
    let exact = |part: u64| u128::from(part) * 1000;
    let mut shares: Vec<u64> = parts.iter().map(|part| (exact(*part) / whole) as u64).collect();
    let mut by_rest: Vec<usize> = (0..parts.len()).collect();
    by_rest.sort_by_key(|&at| std::cmp::Reverse(exact(parts[at]) % whole));
    let missing = 1000 - shares.iter().sum::<u64>();
    for &at in by_rest.iter().take(missing as usize) {
        shares[at] += 1;
    }
    shares
}

/// Tenths of a percent: 123 is "12.3 %".
pub(crate) fn percent(tenths: u64) -> String {
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// Bytes in the unit that gives short numbers.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1024 {
        return counted(bytes, "byte", "bytes");
    }
    let mut tenths = u128::from(bytes) * 10 / 1024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

/// UTC microseconds as a list shows them: 2026-04-30 12:05 UTC.
pub(crate) fn moment(micros: i64) -> String {
    let text = rfc3339(micros);
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => text,
    }
}

/// The same where there is little room: 04-30 12:05.
pub(crate) fn short_moment(micros: i64) -> String {
    let text = rfc3339(micros);
    match (text.get(5..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn shares_add_up() {
        assert_eq!(shares(&[1, 1, 1]), [334, 333, 333]);
        assert_eq!(shares(&[49_999, 1, 0]), [1000, 0, 0]);
        assert_eq!(shares(&[0, 0]), [0, 0]);
        assert_eq!(percent(334), "33.4 %");
    }

    #[test]
    fn sizes_have_a_fitting_unit() {
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(1536), "1.5 KB");
        assert_eq!(size(512 << 20), "512.0 MB");
        assert_eq!(size(5 << 30), "5.0 GB");
    }

    #[test]
    fn times_are_in_utc() {
        assert_eq!(rfc3339(1_000_000), "1970-01-01T00:00:01Z");
        assert_eq!(rfc3339(1_500_000), "1970-01-01T00:00:01.5Z");
        assert_eq!(moment(1_500_000), "1970-01-01 00:00 UTC");
        assert_eq!(short_moment(1_500_000), "01-01 00:00");
    }
}
