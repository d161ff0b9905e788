//! Temporary keys that are not what they should be, and passwords that could not be checked.

use crate::client::{Local, Wire, key_of, random};
use crate::proof;
use ringback_mtproto::AuthKey;
use ringback_mtproto::transport::Framing;
use ringback_tl::{functions as call, types};
use serde_json::json;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

fn seconds() -> i32 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i32::try_from(now.as_secs()).unwrap()
}

async fn permanent(local: &Local) -> Arc<AuthKey> {
    let path = format!("/users/{}/sessions", local.ann);
    let session = local.control("POST", &path, json!({"for": "ringback"})).await;
    Arc::new(key_of(session["session"].as_str().unwrap()))
}

async fn bind(wire: &mut Wire, permanent: &Arc<AuthKey>, until: i32) -> Result<bool, String> {
    let id = wire
        .session
        .bind_temp_key(Arc::clone(permanent), until, &mut random);
    let bound = wire.result(id).await.map_err(|error| error.to_string())?;
    Ok(ringback_tl::decode(&bound).unwrap())
}

#[tokio::test]
async fn a_temporary_key_is_good_for_nothing_until_it_is_bound() {
    let local = Local::with_people().await;
    let mut wire = Wire::exchange(&local, Framing::Abridged, Some(3600)).await;
    wire.begin().await;
    let code = call::auth::SendCode {
        phone_number: "+9996629999".into(),
        ..Default::default()
    };
    assert_eq!(wire.call(&code).await.unwrap_err(), "401 AUTH_KEY_PERM_EMPTY");
    let state = wire.call(&call::updates::GetState).await;
    assert_eq!(state.unwrap_err(), "401 AUTH_KEY_PERM_EMPTY");
    let own = permanent(&local).await;
    let past = bind(&mut wire, &own, seconds() - 10).await;
    assert_eq!(past.unwrap_err(), "400 EXPIRES_AT_INVALID");
    assert_eq!(bind(&mut wire, &own, seconds() + 3600).await, Ok(true));
    assert!(wire.call(&call::updates::GetState).await.is_ok());
    assert_eq!(bind(&mut wire, &own, seconds() + 3600).await, Ok(true), "again");
    let other = permanent(&local).await;
    let second = bind(&mut wire, &other, seconds() + 3600).await;
    assert_eq!(second.unwrap_err(), "400 TEMP_AUTH_KEY_ALREADY_BOUND");
}

#[tokio::test]
async fn only_a_temporary_key_is_bound_and_only_to_a_permanent_one() {
    let local = Local::with_people().await;
    let own = permanent(&local).await;
    let mut whole = Wire::exchange(&local, Framing::Abridged, None).await;
    let error = bind(&mut whole, &own, seconds() + 3600).await.unwrap_err();
    assert_eq!(error, "400 TEMP_AUTH_KEY_EMPTY");
    let first = Wire::exchange(&local, Framing::Abridged, Some(3600)).await;
    let mut second = Wire::exchange(&local, Framing::Abridged, Some(3600)).await;
    let chained = bind(&mut second, &first.key, seconds() + 3600).await;
    assert_eq!(chained.unwrap_err(), "400 ENCRYPTED_MESSAGE_INVALID");
}

#[tokio::test]
async fn a_password_that_no_word_could_fit_changes_nothing() {
    let local = Local::with_people().await;
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    let change = |told: &types::account::Password, hash: Option<Vec<u8>>, g: i32| {
        let Some(types::PasswordKdfAlgo::SHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(mut algo)) =
            hash.is_some().then(|| told.new_algo.clone())
        else {
            return types::account::PasswordInputSettings::default();
        };
        algo.g = g;
        types::account::PasswordInputSettings {
            new_algo: Some(algo.into()),
            new_password_hash: hash,
            hint: Some(String::new()),
            ..Default::default()
        }
    };
    for (hash, g, expected) in [
        (Some(vec![9; 32]), 3, Err("400 NEW_SETTINGS_INVALID".to_owned())),
        (Some(vec![0; 256]), 3, Err("400 NEW_SETTINGS_INVALID".to_owned())),
        (Some(vec![9; 256]), 4, Err("400 NEW_SETTINGS_INVALID".to_owned())),
        (None, 3, Ok(true)),
    ] {
        let told = wire.call(&call::account::GetPassword).await.unwrap();
        let settings = call::account::UpdatePasswordSettings {
            password: proof(&told, "open sesame"),
            new_settings: change(&told, hash, g),
        };
        assert_eq!(wire.call(&settings).await, expected);
        let told = wire.call(&call::account::GetPassword).await.unwrap();
        assert!(told.has_password, "it was not taken away");
    }
    let told = wire.call(&call::account::GetPassword).await.unwrap();
    let settings = call::account::UpdatePasswordSettings {
        password: proof(&told, "open sesame"),
        new_settings: change(&told, Some(Vec::new()), 3),
    };
    assert_eq!(wire.call(&settings).await, Ok(true));
    assert!(!wire.call(&call::account::GetPassword).await.unwrap().has_password);
}

#[tokio::test]
async fn other_temporary_keys_can_be_dropped() {
    let local = Local::with_people().await;
    let own = permanent(&local).await;
    let mut wires = Vec::new();
    for _ in 0..3 {
        let mut wire = Wire::exchange(&local, Framing::Abridged, Some(3600)).await;
        assert_eq!(bind(&mut wire, &own, seconds() + 3600).await, Ok(true));
        wires.push(wire);
    }
    let except_auth_keys = vec![wires[1].key.id()];
    let drop = call::auth::DropTempAuthKeys { except_auth_keys };
    assert_eq!(wires[0].call(&drop).await, Ok(true));
    assert!(wires[0].call(&call::updates::GetState).await.is_ok());
    assert!(wires[1].call(&call::updates::GetState).await.is_ok());
    assert_eq!(wires[2].refusal(&call::updates::GetState).await, -404);
}
