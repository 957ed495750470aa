//! The PostgreSQL server an address names, and how connections to it are encrypted: as libpq does it, `require` encrypts,
//! `verify-ca` and `verify-full` also check the certificate and the name. Without a word about it nothing is encrypted.

use std::sync::Arc;
use std::time::Duration;

use postgres::{Client, Config, NoTls};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Result, StoreError};

/// How long a server may take to answer the first word.
const CONNECT_TIME: Duration = Duration::from_secs(10);

/// A machine that says nothing for so long is asked whether it is there; one that is not is known twice as long after it was
/// heard last.
const SILENCE: Duration = Duration::from_secs(15);

/// A server that can be connected to.
pub(crate) struct Target {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Target {
    /// Reads `postgres://...`; nothing is connected yet.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let wrong = |why: String| StoreError::Unavailable(format!("the address is wrong: {why}"));
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let value = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(found, _)| *found == name).map(|(_, value)| value.to_owned()).next_back()
        };
        let (mode, roots) = (value("sslmode"), value("sslrootcert"));
        let verifies = match mode.as_deref() {
            None | Some("disable" | "allow" | "prefer") => None,
            Some("require") => Some(roots.is_some()),
            Some("verify-ca" | "verify-full") => Some(true),
            Some(other) => {
                let accepted = "disable, require, verify-ca or verify-full";
                return Err(wrong(format!("sslmode is {other}; it is {accepted}")));
            }
        };
        // The library knows none of these words but two.
        let rest = query.split('&').filter(|pair| !pair.starts_with("sslmode=") && !pair.starts_with("sslrootcert="));
        let mut rest: Vec<_> = rest.filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
        rest.push(format!("sslmode={}", if verifies.is_some() { "require" } else { "disable" }));
        let config: Config = format!("{base}?{}", rest.join("&")).parse().map_err(|e| wrong(format!("{e}")))?;
        let tls = verifies.map(|verifies| encryption(verifies, roots.as_deref()).map_err(wrong)).transpose()?;
        Ok(Self { config, tls })
    }

    /// Connects under `name`, by which a later claim can end this session.
    pub(crate) fn connect(&self, name: &str) -> Result<Client> {
        let mut config = self.config.clone();
        config.application_name(name).connect_timeout(CONNECT_TIME);
        config
            .keepalives_idle(SILENCE)
            .keepalives_interval(SILENCE / 3)
            .keepalives_retries(3)
            .tcp_user_timeout(2 * SILENCE);
        Ok(match &self.tls {
            Some(tls) => config.connect(tls.clone())?,
            None => config.connect(NoTls)?,
        })
    }
}

fn encryption(verifies: bool, roots: Option<&str>) -> std::result::Result<MakeRustlsConnect, String> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_safe_default_protocol_versions().map_err(|e| e.to_string())?;
    let config = if verifies {
        builder.with_root_certificates(authorities(roots)?).with_no_client_auth()
    } else {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Unchecked(provider))).with_no_client_auth()
    };
    Ok(MakeRustlsConnect::new(config))
}

/// Those of a file, or else of the system.
fn authorities(file: Option<&str>) -> std::result::Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    let certificates: Vec<_> = match file {
        Some(path) => CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect)
            .map_err(|e| format!("sslrootcert {path}: {e}"))?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    store.add_parsable_certificates(certificates);
    if store.is_empty() {
        return Err("there is no authority to check the server by: name one with sslrootcert".to_owned());
    }
    Ok(store)
}

/// Whoever answers is believed to be the server, as `require` wants it; what is sent is signed by its key all the same.
#[derive(Debug)]
struct Unchecked(Arc<CryptoProvider>);

impl ServerCertVerifier for Unchecked {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
