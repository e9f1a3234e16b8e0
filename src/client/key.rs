//! `assay key create`, `list` and `revoke`.

use super::Outcome;
use super::failure::Failure;
use super::server::Server;
use super::terminal::{Output, plain};
use reqwest::Method;
use serde_json::{Value, json};

/// What to do with API keys.
#[derive(Debug, clap::Subcommand)]
pub enum KeyCommand {
    /// Make a key and print it: the server keeps only its hash, so it is shown this once
    Create {
        /// What the key may do
        #[arg(long, value_parser = ["admin", "platform", "author"])]
        role: String,
        /// What the key is for, to know it again in the list
        #[arg(long)]
        name: String,
    },
    /// List the keys of your tenant
    List,
    /// Make a key useless from now on
    Revoke {
        /// The key's id, as the list shows it
        id: String,
    },
}

pub async fn run(command: KeyCommand, server: &Server, output: &Output) -> Result<Outcome, Failure> {
    match command {
        KeyCommand::Create { role, name } => {
            let request = server.request(Method::POST, &["v1", "keys"])?;
            let made = server
                .send(request.json(&json!({"role": role, "name": name})))
                .await?
                .body;
            output.say(text(&made, "key"));
            output.document(&made);
        }
        KeyCommand::List => {
            let list = server.send(server.request(Method::GET, &["v1", "keys"])?).await?.body;
            for key in list.get("items").and_then(Value::as_array).into_iter().flatten() {
                let revoked = if key.get("revoked_at").is_none_or(Value::is_null) {
                    ""
                } else {
                    "  revoked"
                };
                let (id, role, made) = (text(key, "id"), text(key, "role"), text(key, "created_at"));
                output.say(&plain(&format!(
                    "{id}  {role:8}  {made}  {}{revoked}",
                    text(key, "name")
                )));
            }
            output.document(&list);
        }
        KeyCommand::Revoke { id } => {
            server
                .send(server.request(Method::DELETE, &["v1", "keys", &id])?)
                .await?;
            output.say(&format!("key {id} is revoked"));
            output.document(&json!({"id": id, "revoked": true}));
        }
    }
    Ok(Outcome::Good)
}

fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object.get(field).and_then(Value::as_str).unwrap_or("")
}
