//! The protocol's own messages against another implementation, whose code is generated from the published schema: it
//! reads what is written here, and writes the same bytes.

// The helpers of tests may panic as the tests themselves do.
#![allow(clippy::unwrap_used)]

use grammers_tl_types::{Deserializable, Serializable, enums, functions};
use ringback_mtproto::service::{
    BindAuthKeyInner, ClientDhInner, DhGen, DhGenKind, DropAnswer, FutureSalt, PqInnerData, ReqDhParams,
    ReqPq, ResPq, RpcError, ServerDhInner, ServerDhParams, Service, SetClientDhParams,
};

/// Reads a message and writes it again.
type Again = fn(&[u8]) -> Vec<u8>;

/// An object: its constructor's id stands before its fields.
fn object<T: Deserializable + Serializable>(bytes: &[u8]) -> Vec<u8> {
    T::from_bytes(bytes).unwrap().to_bytes()
}

/// A call: the peer leaves its id to whoever reads it, and writes it all the same.
fn call<T: Deserializable + Serializable>(bytes: &[u8]) -> Vec<u8> {
    T::from_bytes(&bytes[4..]).unwrap().to_bytes()
}

fn agreed(ours: &[u8], again: Again, what: &str) {
    assert_eq!(again(ours), ours, "{what}");
}

const NONCE: [u8; 16] = [1; 16];
const SERVER_NONCE: [u8; 16] = [2; 16];

#[test]
fn the_key_exchange() {
    for multi in [false, true] {
        let ask = ReqPq { nonce: NONCE, multi };
        let again = if multi {
            call::<functions::ReqPqMulti>
        } else {
            call::<functions::ReqPq>
        };
        agreed(&ask.encode(), again, "req_pq");
        assert_eq!(ReqPq::decode(&ask.encode()), Ok(ask));
    }

    let numbers = ResPq {
        nonce: NONCE,
        server_nonce: SERVER_NONCE,
        pq: 0x17ed_4894_1a08_f981,
        fingerprints: vec![-1, 3],
    };
    agreed(&numbers.encode(), object::<enums::ResPq>, "resPQ");
    assert_eq!(ResPq::decode(&numbers.encode()), Ok(numbers));

    for (dc, expires_in) in [
        (None, None),
        (Some(-2), None),
        (None, Some(3600)),
        (Some(2), Some(3600)),
    ] {
        let inner = PqInnerData {
            pq: 0x17ed_4894_1a08_f981,
            p: 0x494c_553b,
            q: 0x5391_1073,
            nonce: NONCE,
            server_nonce: SERVER_NONCE,
            new_nonce: [3; 32],
            dc,
            expires_in,
        };
        agreed(&inner.encode(), object::<enums::PQInnerData>, "p_q_inner_data");
    }

    let asked = ReqDhParams {
        nonce: NONCE,
        server_nonce: SERVER_NONCE,
        p: 0x494c_553b,
        q: 0x5391_1073,
        fingerprint: -7,
        encrypted_data: vec![5; 256],
    };
    agreed(&asked.encode(), call::<functions::ReqDhParams>, "req_DH_params");
    assert_eq!(ReqDhParams::decode(&asked.encode()), Ok(asked));

    for params in [
        ServerDhParams::Ok {
            nonce: NONCE,
            server_nonce: SERVER_NONCE,
            encrypted_answer: vec![6; 592],
        },
        ServerDhParams::Fail {
            nonce: NONCE,
            server_nonce: SERVER_NONCE,
            new_nonce_hash: [4; 16],
        },
    ] {
        agreed(
            &params.encode(),
            object::<enums::ServerDhParams>,
            "server_DH_params",
        );
        assert_eq!(ServerDhParams::decode(&params.encode()), Ok(params));
    }

    let inner = ServerDhInner {
        nonce: NONCE,
        server_nonce: SERVER_NONCE,
        g: 3,
        dh_prime: vec![7; 256],
        g_a: vec![8; 256],
        server_time: 1_700_000_000,
    };
    agreed(
        &inner.encode(),
        object::<enums::ServerDhInnerData>,
        "server_DH_inner_data",
    );

    let inner = ClientDhInner {
        nonce: NONCE,
        server_nonce: SERVER_NONCE,
        retry_id: -9,
        g_b: vec![9; 256],
    };
    agreed(
        &inner.encode(),
        object::<enums::ClientDhInnerData>,
        "client_DH_inner_data",
    );

    let set = SetClientDhParams {
        nonce: NONCE,
        server_nonce: SERVER_NONCE,
        encrypted_data: vec![10; 336],
    };
    agreed(
        &set.encode(),
        call::<functions::SetClientDhParams>,
        "set_client_DH_params",
    );
    assert_eq!(SetClientDhParams::decode(&set.encode()), Ok(set));

    for kind in [DhGenKind::Ok, DhGenKind::Retry, DhGenKind::Fail] {
        let end = DhGen {
            kind,
            nonce: NONCE,
            server_nonce: SERVER_NONCE,
            new_nonce_hash: [4; 16],
        };
        agreed(&end.encode(), object::<enums::SetClientDhParamsAnswer>, "dh_gen");
        assert_eq!(DhGen::decode(&end.encode()), Ok(end));
    }

    let bound = BindAuthKeyInner {
        nonce: 1,
        temp_auth_key_id: 2,
        perm_auth_key_id: -3,
        temp_session_id: 4,
        expires_at: 5,
    };
    agreed(
        &bound.encode(),
        object::<enums::BindAuthKeyInner>,
        "bind_auth_key_inner",
    );
    assert_eq!(BindAuthKeyInner::decode(&bound.encode()), Ok(bound));
}

/// What the peer calls each message. A new one has to be named here, and a value of it below.
fn peer(service: &Service) -> Again {
    match service {
        Service::MsgsAck(_) => object::<enums::MsgsAck>,
        Service::BadMsg { .. } | Service::BadServerSalt { .. } => object::<enums::BadMsgNotification>,
        Service::NewSessionCreated { .. } => object::<enums::NewSession>,
        Service::Ping { .. } => call::<functions::Ping>,
        Service::PingDelayDisconnect { .. } => call::<functions::PingDelayDisconnect>,
        Service::Pong { .. } => object::<enums::Pong>,
        Service::GetFutureSalts { .. } => call::<functions::GetFutureSalts>,
        Service::FutureSalts { .. } => object::<enums::FutureSalts>,
        Service::DestroySession { .. } => call::<functions::DestroySession>,
        Service::SessionDestroyed { .. } => object::<enums::DestroySessionRes>,
        Service::DestroyAuthKey => call::<functions::DestroyAuthKey>,
        Service::AuthKeyDestroyed(_) => object::<enums::DestroyAuthKeyRes>,
        Service::MsgsStateReq(_) => object::<enums::MsgsStateReq>,
        Service::MsgsStateInfo { .. } => object::<enums::MsgsStateInfo>,
        Service::MsgsAllInfo { .. } => object::<enums::MsgsAllInfo>,
        Service::DetailedInfo { .. } => object::<enums::MsgDetailedInfo>,
        Service::MsgResendReq(_) => object::<enums::MsgResendReq>,
        Service::RpcDropAnswer { .. } => call::<functions::RpcDropAnswer>,
        Service::DropAnswer(_) => object::<enums::RpcDropAnswer>,
        Service::HttpWait { .. } => object::<enums::HttpWait>,
    }
}

#[test]
fn service_messages() {
    let salt = |at: i32| FutureSalt {
        valid_since: at,
        valid_until: at + 1,
        salt: -i64::from(at),
    };
    let all = [
        Service::MsgsAck(vec![1, -2]),
        Service::BadMsg {
            bad_msg_id: 1,
            bad_msg_seqno: 2,
            error_code: 33,
        },
        Service::BadServerSalt {
            bad_msg_id: 1,
            bad_msg_seqno: 2,
            error_code: 48,
            new_server_salt: -4,
        },
        Service::NewSessionCreated {
            first_msg_id: 1,
            unique_id: 2,
            server_salt: 3,
        },
        Service::Ping { ping_id: 1 },
        Service::PingDelayDisconnect {
            ping_id: 1,
            disconnect_delay: 2,
        },
        Service::Pong {
            msg_id: 1,
            ping_id: 2,
        },
        Service::GetFutureSalts { num: 3 },
        Service::FutureSalts {
            req_msg_id: 1,
            now: 2,
            salts: vec![salt(3), salt(4)],
        },
        Service::DestroySession { session_id: 1 },
        Service::SessionDestroyed {
            session_id: 1,
            found: true,
        },
        Service::SessionDestroyed {
            session_id: 1,
            found: false,
        },
        Service::DestroyAuthKey,
        Service::AuthKeyDestroyed(Some(true)),
        Service::AuthKeyDestroyed(Some(false)),
        Service::AuthKeyDestroyed(None),
        Service::MsgsStateReq(vec![1, 2, 3]),
        Service::MsgsStateInfo {
            req_msg_id: 1,
            info: vec![4, 4, 1],
        },
        Service::MsgsAllInfo {
            msg_ids: vec![1],
            info: vec![4],
        },
        Service::DetailedInfo {
            msg_id: Some(1),
            answer_msg_id: 2,
            bytes: 3,
            status: 4,
        },
        Service::DetailedInfo {
            msg_id: None,
            answer_msg_id: 2,
            bytes: 3,
            status: 4,
        },
        Service::MsgResendReq(vec![]),
        Service::RpcDropAnswer { req_msg_id: 1 },
        Service::DropAnswer(DropAnswer::Unknown),
        Service::DropAnswer(DropAnswer::Running),
        Service::DropAnswer(DropAnswer::Dropped {
            msg_id: 1,
            seq_no: 2,
            bytes: 3,
        }),
        Service::HttpWait {
            max_delay: 1,
            wait_after: 2,
            max_wait: 3,
        },
    ];
    for service in all {
        let bytes = service.encode();
        agreed(&bytes, peer(&service), &format!("{service:?}"));
        assert_eq!(Service::decode(&bytes), Ok(Some(service)));
    }

    let refused = RpcError {
        code: 420,
        message: "FLOOD_WAIT_3".into(),
    };
    agreed(&refused.encode(), object::<enums::RpcError>, "rpc_error");
    assert_eq!(RpcError::decode(&refused.encode()), Ok(refused));
}
