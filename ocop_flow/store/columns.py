"""The columns of every table, said apart from ``store.schema``: loading that takes longer than a command.

Written by ``python -m tests.columns``; a test holds it to the schema.
"""

#: Table -> its columns in order; ``*`` after those of the primary key, ``?`` after those that SQLite gives as 0 or 1.
TABLES = {
    "meta": "name* value",
    "event": "id* subject_kind subject seq hash action recorded_at occurred_on body",
    "log_order": "position* hash event",
    "log_tile": "number* root",
    "head": "id* size code made_at imported_at note peaks",
    "document": "hash* kind body",
    "personal": "digest* salt value withheld",
    "command": "key* digest answer recorded_at",
    "login": "handle* password_hash",
    "session": "token_hash* handle started_at used_at",
    "unit": "code* valid_from* valid_to name folded kind tier parent_code",
    "unit_successor": "old_code* new_code* tier* effective* partial?",
    "unit_contact": "code* email phone",
    "reference": "name* version",
    "counter": "kind* year* last",
    "law": "regime* province* seq* effective_from regime_from regime_to hash",
    "notice": "year* unit* seq as_of source hash",
    "person": "handle* name can_login? office? email left_on",
    "post": "handle* source* seq* role unit unit_from unit_name tier office decision valid_from valid_to via",
    "entity": "code* name folded kind commune commune_from aliases merged_into email phone chat sex ethnic_group",
    "product": "code* name folded entity product_set aliases merged_into",
    "dossier": (
        "code* number version state phase tier commune opened_in product folded sought entity plan regime previous "
        "opened_on moved_on closed_on fold"
    ),
    "certificate": (
        "number* product_code product product_name product_set entity entity_name sought stars commune issuer_code "
        "issuer_name issuer_tier decision issued_on valid_to status status_on replaced_by disputed? unreconciled? "
        "source dossier kept"
    ),
    "council": "code* unit unit_name tier decision round year",
    "sitting": "code* council held_on",
    "decision": "id* number issuer issuer_name issuer_tier year decided_on kind title status",
    "decision_line": "decision* number* dossier action seq stars status",
    "plan": "id* number issuer year title issued_on",
    "deadline": (
        "id* subject_kind subject kind rule source mark start_on due_on provisional? stopped stopped_since closed_on "
        "outcome unit unit_name tier plan ladder next_rung_on"
    ),
    "entity_notice": "id* dossier entity seq kind told_of unit unit_name tier over_on next_rung_on",
    "sending": "code* kind unit unit_name to_unit to_name given_on taken_on taken_by",
    "beside": "id* subject_kind subject commune topic done_on deadline body",
    "reminder": (
        "id* deadline due_on recipient recipient_unit rung rung_on role unit unit_name unit_tier tier status message "
        "not_before queued_at changed_at acted_by why"
    ),
    "reminder_act": "id* reminder act actor recorder at until reason",
    "message": "id* recipient day address subject message_id status attempts next_at lease lease_until sent_at detail",
    "message_body": "message* body",
    "heartbeat": "job* at detail",
}
