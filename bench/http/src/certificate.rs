//! A key, and a certificate that vouches for itself, made by the program openssl.

use std::process::Command;

use crate::BoxError;

pub(crate) struct Own {
    pub(crate) key: Vec<u8>,
    pub(crate) certificate: Vec<u8>,
}

pub(crate) fn make() -> Result<Own, BoxError> {
    let folder = std::env::temp_dir().join(format!("bench-http-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    let made = Command::new("openssl")
        .args("req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2".split(' '))
        .args("-subj /CN=bench -addext subjectAltName=IP:127.0.0.1".split(' '))
        .args("-addext basicConstraints=critical,CA:FALSE -keyout key -out certificate".split(' '))
        .current_dir(&folder)
        .output();
    let read = |file| std::fs::read(folder.join(file));
    let own = made.and_then(|made| match made.status.success() {
        true => Ok(Own {
            key: read("key")?,
            certificate: read("certificate")?,
        }),
        false => Err(std::io::Error::other(
            String::from_utf8_lossy(&made.stderr).into_owned(),
        )),
    });
    std::fs::remove_dir_all(&folder)?;
    Ok(own?)
}
