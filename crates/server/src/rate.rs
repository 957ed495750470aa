//! How many requests a token or a session may make: a bucket that is filled steadily and holds a burst. It is generous, and
//! there so that one program in a loop leaves the server to the others. An upload or a stream of events is one request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// Requests a second.
const RATE: f64 = 50.0;
/// Requests at once.
const BURST: f64 = 200.0;
/// Whoever asks with ever other tokens fills no memory.
const MOST_BUCKETS: usize = 10_000;

/// The buckets of all who asked of late.
#[derive(Clone, Default)]
pub(crate) struct Rates(Arc<Mutex<HashMap<Vec<u8>, Bucket>>>);

struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn filled(&self, now: Instant) -> f64 {
        (self.left + now.saturating_duration_since(self.at).as_secs_f64() * RATE).min(BURST)
    }
}

impl Rates {
    /// Takes one request; if there is none left, gives the seconds until there is.
    fn take(&self, who: Vec<u8>, now: Instant) -> Result<(), u64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_BUCKETS && !buckets.contains_key(&who) {
            // A full bucket is as good as none.
            buckets.retain(|_, bucket| bucket.filled(now) < BURST);
            if buckets.len() >= MOST_BUCKETS {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(who).or_insert(Bucket { left: BURST, at: now });
        (bucket.left, bucket.at) = (bucket.filled(now), now);
        if bucket.left < 1.0 {
            return Err(((1.0 - bucket.left) / RATE).ceil() as u64);
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

/// Lets a request pass, or says when to come again.
pub(crate) async fn limited(State(rates): State<Rates>, request: Request, next: Next) -> Response {
    let taken = who(request.headers()).map_or(Ok(()), |who| rates.take(who, Instant::now()));
    match taken {
        Ok(()) => next.run(request).await,
        Err(seconds) => {
            let hint = "Wait as long as Retry-After says, and ask for less at once.";
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut response = Problem::new(status, "too_many_requests", "Too many requests", hint).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    }
}

/// Who asks, by a digest of what it shows; who shows nothing may see next to nothing.
fn who(headers: &HeaderMap) -> Option<Vec<u8>> {
    let shown = headers.get(header::AUTHORIZATION).or_else(|| headers.get(header::COOKIE))?;
    Some(Sha256::digest(shown.as_bytes()).to_vec())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_passes_then_a_steady_stream_and_others_are_not_concerned() {
        let (rates, began) = (Rates::default(), Instant::now());
        let taken = |who: u8, after: Duration| rates.take(vec![who], began + after);
        assert!((0..200).all(|_| taken(1, Duration::ZERO).is_ok()));
        assert_eq!(taken(1, Duration::ZERO), Err(1));
        assert_eq!(taken(2, Duration::ZERO), Ok(()));
        assert!((1..=50).all(|n| taken(1, Duration::from_millis(21 * n)).is_ok()));
        let later = Duration::from_secs(60);
        assert!((0..200).all(|_| taken(1, later).is_ok()));
        assert_eq!(taken(1, later), Err(1), "a pause is worth one burst");
    }

    #[test]
    fn ever_other_tokens_fill_no_memory() {
        let (rates, now) = (Rates::default(), Instant::now());
        for who in 0..3 * MOST_BUCKETS {
            assert!(rates.take(who.to_be_bytes().to_vec(), now).is_ok());
        }
        assert!(rates.0.lock().expect("the buckets").len() <= MOST_BUCKETS);
    }
}
