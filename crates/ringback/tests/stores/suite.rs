//! What every store must do. A store of your own can be held to it: give [`conforms`] one.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ringback::store::{MAX_KEY, MAX_VALUE, Store, When};

/// Keys of this run, so that what an earlier one has left is not in the way.
#[derive(Clone)]
pub(crate) struct Keys(Arc<(String, AtomicU64)>);

impl Keys {
    pub(crate) fn new() -> Self {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap();
        let run = format!("test/{}/{}", std::process::id(), since.as_nanos());
        Keys(Arc::new((run, AtomicU64::new(0))))
    }

    pub(crate) fn next(&self) -> String {
        format!("{}/{}", self.0.0, self.0.1.fetch_add(1, Ordering::Relaxed))
    }
}

/// Holds a store to everything. Two handles, as two processes would have them; a store of one process gives the same
/// one twice.
pub(crate) async fn conforms(a: Arc<dyn Store>, b: Arc<dyn Store>) {
    let keys = Keys::new();
    what_is_set_is_there(&*a, &*b, &keys).await;
    conditions_hold(&*a, &*b, &keys).await;
    removing(&*a, &*b, &keys).await;
    any_bytes(&*a, &*b, &keys).await;
    time_is_kept(&*a, &*b, &keys).await;
    what_has_expired_is_not_there(&*a, &keys).await;
    one_of_many_inserts(&a, &b, &keys).await;
    one_of_many_takes(&a, &b, &keys).await;
    no_change_is_lost(&a, &b, &keys).await;
}

async fn set(store: &dyn Store, key: &str, value: &[u8], when: When<'_>) -> bool {
    store.set(key, value, None, when).await.unwrap()
}

async fn get(store: &dyn Store, key: &str) -> Option<Vec<u8>> {
    store.get(key).await.unwrap()
}

async fn what_is_set_is_there(a: &dyn Store, b: &dyn Store, keys: &Keys) {
    let (key, other) = (keys.next(), keys.next());
    assert_eq!(get(a, &key).await, None);
    assert!(set(a, &key, b"one", When::Always).await);
    assert_eq!(get(a, &key).await.as_deref(), Some(&b"one"[..]));
    assert_eq!(get(b, &key).await.as_deref(), Some(&b"one"[..]));
    assert!(set(b, &key, b"two", When::Always).await);
    assert_eq!(get(a, &key).await.as_deref(), Some(&b"two"[..]));
    assert_eq!(get(a, &other).await, None);
    // A key that begins like another is another.
    assert_eq!(get(a, &key[..key.len() - 1]).await, None);
    assert_eq!(get(a, &format!("{key}*")).await, None);
}

async fn conditions_hold(a: &dyn Store, b: &dyn Store, keys: &Keys) {
    let key = keys.next();
    assert!(
        !set(a, &key, b"x", When::Is(b"")).await,
        "nothing is not an empty value"
    );
    assert!(set(a, &key, b"one", When::Absent).await);
    assert!(!set(b, &key, b"two", When::Absent).await);
    assert!(!set(b, &key, b"two", When::Is(b"on")).await);
    assert!(!set(b, &key, b"two", When::Is(b"one ")).await);
    assert_eq!(get(a, &key).await.as_deref(), Some(&b"one"[..]));
    assert!(set(b, &key, b"two", When::Is(b"one")).await);
    assert!(!set(a, &key, b"three", When::Is(b"one")).await);
    assert_eq!(get(a, &key).await.as_deref(), Some(&b"two"[..]));
    assert!(
        set(a, &key, b"two", When::Is(b"two")).await,
        "the same again is a write"
    );
}

async fn removing(a: &dyn Store, b: &dyn Store, keys: &Keys) {
    let key = keys.next();
    assert!(!a.remove(&key, None).await.unwrap());
    assert!(!a.remove(&key, Some(b"")).await.unwrap());
    assert!(set(a, &key, b"one", When::Always).await);
    assert!(!b.remove(&key, Some(b"two")).await.unwrap());
    assert!(b.remove(&key, Some(b"one")).await.unwrap());
    assert_eq!(get(a, &key).await, None);
    assert!(!a.remove(&key, Some(b"one")).await.unwrap());
    assert!(set(a, &key, b"three", When::Absent).await);
    assert!(a.remove(&key, None).await.unwrap());
    assert!(set(a, &key, b"four", When::Absent).await);
    assert_eq!(b.take(&key).await.unwrap().as_deref(), Some(&b"four"[..]));
    assert_eq!(a.take(&key).await.unwrap(), None);
}

async fn any_bytes(a: &dyn Store, b: &dyn Store, keys: &Keys) {
    let every: Vec<u8> = (0..=255).collect();
    let large: Vec<u8> = (0..MAX_VALUE).map(|at| (at % 251) as u8).collect();
    for value in [&b""[..], b"\0", b"\r\n+OK\r\n", b"\\x00'\"$1;", &every, &large] {
        let key = keys.next();
        assert!(set(a, &key, value, When::Absent).await);
        assert!(
            get(b, &key).await.as_deref() == Some(value),
            "{} bytes",
            value.len()
        );
        assert!(set(b, &key, b"then", When::Is(value)).await);
        assert!(set(b, &key, value, When::Is(b"then")).await);
        assert!(a.remove(&key, Some(value)).await.unwrap());
    }
    let mut long = format!("{} ключ '\";\r\n*{{}}%\\ ", keys.next());
    long.push_str(&"k".repeat(MAX_KEY - long.len()));
    assert!(set(a, &long, b"1", When::Absent).await);
    assert_eq!(get(b, &long).await.as_deref(), Some(&b"1"[..]));
    assert!(a.remove(&long, Some(b"1")).await.unwrap());
}

async fn time_is_kept(a: &dyn Store, b: &dyn Store, keys: &Keys) {
    const HOUR: Option<Duration> = Some(Duration::from_secs(3600));
    for keep in [HOUR, Some(Duration::MAX), None] {
        let key = keys.next();
        assert!(a.set(&key, b"1", keep, When::Absent).await.unwrap());
        assert!(get(b, &key).await.is_some());
        assert!(b.set(&key, b"2", keep, When::Is(b"1")).await.unwrap());
        assert!(a.set(&key, b"3", keep, When::Always).await.unwrap());
        assert!(!a.set(&key, b"4", keep, When::Absent).await.unwrap());
        assert_eq!(get(b, &key).await.as_deref(), Some(&b"3"[..]));
    }
}

/// A key whose value was there and has expired: seen to, however slow or fast the clock is.
async fn expired(store: &dyn Store, keys: &Keys) -> String {
    let key = keys.next();
    let keep = Some(Duration::from_millis(20));
    assert!(store.set(&key, b"old", keep, When::Always).await.unwrap());
    until_gone(store, &key).await;
    key
}

async fn until_gone(store: &dyn Store, key: &str) {
    let gone = async {
        while get(store, key).await.is_some() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), gone).await.unwrap();
}

async fn what_has_expired_is_not_there(store: &dyn Store, keys: &Keys) {
    let key = expired(store, keys).await;
    assert!(!set(store, &key, b"new", When::Is(b"old")).await);
    let key = expired(store, keys).await;
    assert!(!store.remove(&key, Some(b"old")).await.unwrap());
    let key = expired(store, keys).await;
    assert!(!store.remove(&key, None).await.unwrap());
    let key = expired(store, keys).await;
    assert_eq!(store.take(&key).await.unwrap(), None);
    let key = expired(store, keys).await;
    assert!(set(store, &key, b"new", When::Absent).await);
    // What follows has its own time, not that of the value before.
    assert_eq!(get(store, &key).await.as_deref(), Some(&b"new"[..]));

    let key = keys.next();
    assert!(
        store
            .set(&key, b"1", Some(Duration::ZERO), When::Always)
            .await
            .unwrap()
    );
    until_gone(store, &key).await;

    // A write changes the time, to more and to less, on every path.
    let (short, hour) = (Some(Duration::from_millis(20)), Some(Duration::from_secs(3600)));
    let (longer, for_ever, shorter) = (keys.next(), keys.next(), keys.next());
    assert!(store.set(&shorter, b"1", hour, When::Absent).await.unwrap());
    assert!(store.set(&shorter, b"1", short, When::Is(b"1")).await.unwrap());
    for (key, keep) in [(&longer, hour), (&for_ever, None)] {
        assert!(
            store
                .set(key, b"1", Some(Duration::from_secs(60)), When::Absent)
                .await
                .unwrap()
        );
        assert!(store.set(key, b"2", keep, When::Is(b"1")).await.unwrap());
    }
    until_gone(store, &shorter).await;
    assert!(get(store, &longer).await.is_some() && get(store, &for_ever).await.is_some());
}

const WRITERS: usize = 16;

/// Runs these many at once, half of them with the one handle, half with the other.
async fn at_once<T, F>(
    a: &Arc<dyn Store>,
    b: &Arc<dyn Store>,
    run: impl Fn(usize, Arc<dyn Store>) -> F,
) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..WRITERS)
        .map(|n| tokio::spawn(run(n, Arc::clone(if n % 2 == 0 { a } else { b }))))
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

async fn one_of_many_inserts(a: &Arc<dyn Store>, b: &Arc<dyn Store>, keys: &Keys) {
    let fresh = keys.next();
    let old = expired(&**a, keys).await;
    for key in [fresh, old] {
        let won = at_once(a, b, |n, store| {
            let key = key.clone();
            async move { set(&*store, &key, &[n as u8], When::Absent).await }
        })
        .await;
        assert_eq!(won.iter().filter(|won| **won).count(), 1);
        let winner = won.iter().position(|won| *won).unwrap();
        assert_eq!(get(&**b, &key).await, Some(vec![winner as u8]));
    }
}

async fn one_of_many_takes(a: &Arc<dyn Store>, b: &Arc<dyn Store>, keys: &Keys) {
    let key = keys.next();
    assert!(set(&**a, &key, b"1", When::Always).await);
    let taken = at_once(a, b, |_, store| {
        let key = key.clone();
        async move { store.take(&key).await.unwrap() }
    })
    .await;
    assert_eq!(taken.iter().flatten().count(), 1);
}

async fn no_change_is_lost(a: &Arc<dyn Store>, b: &Arc<dyn Store>, keys: &Keys) {
    const EACH: usize = 5;
    let key = keys.next();
    let seen: Vec<Vec<String>> = at_once(a, b, |writer, store| {
        let key = key.clone();
        async move {
            let mut seen = Vec::new();
            for n in 0..EACH {
                loop {
                    let before = get(&*store, &key).await;
                    let text = String::from_utf8(before.clone().unwrap_or_default()).unwrap();
                    let after = format!("{text}{writer}.{n} ");
                    let when = before.as_deref().map_or(When::Absent, When::Is);
                    if set(&*store, &key, after.as_bytes(), when).await {
                        seen.push(after);
                        break;
                    }
                }
            }
            seen
        }
    })
    .await;
    let end = String::from_utf8(get(&**b, &key).await.unwrap()).unwrap();
    let changes: HashSet<&str> = end.split_whitespace().collect();
    assert_eq!(changes.len(), WRITERS * EACH, "{end}");
    assert!(seen.iter().flatten().all(|before| end.starts_with(before)));
}
