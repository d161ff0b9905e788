//! PKCS#1 keys as PEM text: the one form that every client library reads.
//!
//! Source: RFC 8017, appendix A.1, and RFC 7468.

use thiserror::Error;

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PemError {
    /// There is no `-----BEGIN …-----` block with the expected label.
    #[error(
        "no PEM block with this label; expected PKCS#1 (`BEGIN RSA PUBLIC KEY` or `BEGIN RSA PRIVATE KEY`)"
    )]
    Label,
    /// What is inside is not base64.
    #[error("the PEM block is not base64")]
    Base64,
    /// The bytes are not the expected sequence of integers.
    #[error("the PEM block does not hold a PKCS#1 key")]
    Der,
    /// The numbers cannot be a key of this protocol.
    #[error("the key is not RSA-2048 with an odd modulus")]
    Key,
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Wraps a sequence of big-endian unsigned integers.
pub(super) fn write(label: &str, integers: &[&[u8]]) -> String {
    let mut body = Vec::new();
    for integer in integers {
        let zeros = integer.iter().take_while(|byte| **byte == 0).count();
        let digits = &integer[zeros..];
        let sign = digits.first().is_none_or(|byte| *byte >= 0x80);
        body.push(0x02);
        length(&mut body, digits.len() + usize::from(sign));
        if sign {
            body.push(0);
        }
        body.extend_from_slice(digits);
    }
    let mut der = vec![0x30];
    length(&mut der, body.len());
    der.append(&mut body);

    let mut text = format!("-----BEGIN {label}-----\n");
    for line in der.chunks(48) {
        for three in line.chunks(3) {
            let group = three
                .iter()
                .fold(0u32, |group, byte| group << 8 | u32::from(*byte))
                << (8 * (3 - three.len()));
            for at in 0..4 {
                let letter = ALPHABET[(group >> (18 - 6 * at) & 63) as usize];
                text.push(if at <= three.len() { letter as char } else { '=' });
            }
        }
        text.push('\n');
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}

fn length(out: &mut Vec<u8>, length: usize) {
    match length {
        0..=0x7f => out.push(length as u8),
        0x80..=0xff => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
}

/// The integers of the first block with this label.
pub(super) fn read(label: &str, text: &str) -> Result<Vec<Vec<u8>>, PemError> {
    let (begin, end) = (
        format!("-----BEGIN {label}-----"),
        format!("-----END {label}-----"),
    );
    let (_, rest) = text.split_once(&begin).ok_or(PemError::Label)?;
    let (inside, _) = rest.split_once(&end).ok_or(PemError::Label)?;
    let mut der = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for byte in inside
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
    {
        let value = ALPHABET
            .iter()
            .position(|letter| *letter == byte)
            .ok_or(PemError::Base64)?;
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            der.push((bits >> count) as u8);
        }
    }
    let mut rest = &der[..];
    let mut body = element(&mut rest, 0x30)?;
    let mut integers = Vec::new();
    while !body.is_empty() {
        integers.push(element(&mut body, 0x02)?.to_vec());
    }
    Ok(integers)
}

/// Takes one element off the front and gives its contents.
fn element<'a>(rest: &mut &'a [u8], tag: u8) -> Result<&'a [u8], PemError> {
    let take = |rest: &mut &'a [u8], count: usize| {
        let (head, tail) = rest.split_at_checked(count).ok_or(PemError::Der)?;
        *rest = tail;
        Ok(head)
    };
    if take(rest, 1)? != [tag] {
        return Err(PemError::Der);
    }
    let short = take(rest, 1)?[0];
    let length = match short {
        0..=0x7f => usize::from(short),
        0x81 | 0x82 => take(rest, usize::from(short - 0x80))?
            .iter()
            .fold(0, |length, byte| length << 8 | usize::from(*byte)),
        _ => return Err(PemError::Der),
    };
    take(rest, length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_text() {
        // 0x30 0x06, 0x02 0x01 0x05, 0x02 0x01 0x7f
        assert_eq!(
            write("X", &[&[5], &[0, 0x7f]]),
            "-----BEGIN X-----\nMAYCAQUCAX8=\n-----END X-----\n"
        );
    }

    proptest! {
        #[test]
        fn integers_round_trip(integers in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 0..5)) {
            let slices: Vec<&[u8]> = integers.iter().map(Vec::as_slice).collect();
            let back = read("RSA PUBLIC KEY", &write("RSA PUBLIC KEY", &slices)).unwrap();
            prop_assert_eq!(back.len(), integers.len());
            for (a, b) in back.iter().zip(&integers) {
                let trim = |bytes: &[u8]| bytes.iter().copied().skip_while(|b| *b == 0).collect::<Vec<u8>>();
                prop_assert_eq!(trim(a), trim(b));
            }
        }

        #[test]
        fn any_text_is_survived(inside in "[A-Za-z0-9+/=\n é]{0,200}") {
            let _ = read("X", &format!("-----BEGIN X-----{inside}-----END X-----"));
        }
    }
}
