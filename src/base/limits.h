// Every number that bounds something, with its reason. Documented limits of the API are beside the
// rule that enforces them; these are the house's own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hallmark::limits {

using namespace std::chrono_literals;

inline constexpr std::uint64_t mebibyte = 1024 * 1024;  // "MB" of the API means 2^20 bytes

// Front door.
inline constexpr std::size_t request_target_bytes_max = 96 * 1024;  // 200 tag keys, percent-encoded
inline constexpr std::size_t request_header_bytes_max = 16 * 1024;  // beside the target
inline constexpr std::size_t request_header_fields_max = 100;       // an SDK sends about twelve
inline constexpr std::size_t request_body_bytes_max =
    512 * 1024;                                           // 200 tags of full length, escaped
inline constexpr std::size_t query_parameters_max = 256;  // 200 tag keys and the others of a call
inline constexpr std::size_t json_depth_max = 32;
inline constexpr std::size_t request_body_free_bytes = 8 * 1024;  // a SignPayload of full length
inline constexpr std::size_t request_bodies_bytes_max =
    64 * mebibyte;  // of all connections together; bodies within the free bytes are not counted
inline constexpr std::size_t connections_max = 10'000;  // beyond it, accepted and closed at once
inline constexpr std::size_t operations_connections_max = 64;  // a few probes and scrapers
inline constexpr std::size_t descriptor_reserve =
    256;  // kept from connections, for store, objects, jobs and the operations listener
inline constexpr auto request_header_deadline = 10s;  // first byte to end of headers
inline constexpr auto request_body_deadline = 20s;
inline constexpr auto request_body_grace = 5s;  // then the body must have come at this rate or more
inline constexpr std::size_t request_body_bytes_per_second_min = 1024;
inline constexpr auto response_write_deadline = 20s;
inline constexpr auto connection_first_byte_deadline = 5s;  // from accepting to its first request
inline constexpr auto connection_idle_deadline = 60s;       // between two requests
inline constexpr auto connection_linger_deadline = 1s;  // after a closing answer, to let it arrive
inline constexpr std::size_t connection_linger_bytes_max = 1 * mebibyte;
inline constexpr auto deadline_sweep_interval = 250ms;  // how late a deadline may strike
inline constexpr auto accept_retry_delay = 100ms;  // when accepting fails, for want of descriptors
inline constexpr std::uint64_t refusals_logged_per_second = 10;  // the rest is counted
inline constexpr auto request_clock_skew_max = 15min;            // SigV4, either way
inline constexpr auto shutdown_deadline = 25s;                   // SIGTERM to exit, drain included

inline constexpr std::size_t work_pool_threads_min = 4;      // for what may wait; or one a core
inline constexpr std::size_t work_pool_tasks_max = 1024;     // waiting; beyond it, 503
inline constexpr std::size_t request_rate_default = 20'000;  // a second, by account and operation
inline constexpr auto answered_request_kept =
    31min;  // the whole time in which a signature passes, early or late

// Authorization and identities.
inline constexpr std::size_t policy_document_bytes_max = 20 * 1024;
inline constexpr std::size_t policies_per_principal_max = 20;
inline constexpr std::size_t accounts_max = 1'000;
inline constexpr std::size_t principals_per_account_max = 5'000;     // IAM's quota of users
inline constexpr std::size_t access_keys_per_principal_max = 2;      // so that one can be rotated
inline constexpr auto access_key_last_used_interval = 60s;           // how exact "last used" is
inline constexpr std::size_t session_token_bytes_max = 8 * 1024;     // leaves room in the headers
inline constexpr std::size_t web_identity_token_bytes_max = 20'000;  // as STS
inline constexpr std::size_t web_identity_issuers_max = 32;
inline constexpr std::size_t key_set_bytes_max = 256 * 1024;  // a JWKS document
inline constexpr std::size_t key_set_keys_max = 64;
inline constexpr auto key_set_kept = 1h;               // then it is fetched anew
inline constexpr auto key_set_refetch_interval = 30s;  // for a key id that is not in it

// Requests that the program makes itself.
inline constexpr auto client_connect_deadline = 5s;
inline constexpr auto client_request_deadline = 30s;
inline constexpr std::size_t client_response_bytes_max = 16 * mebibyte;
inline constexpr std::size_t admin_connections_max = 16;
inline constexpr std::size_t configuration_bytes_max = 64 * 1024;

// Store.
inline constexpr std::size_t group_commit_units_max = 32;
inline constexpr auto group_commit_linger = 300us;  // the oldest unit's longest wait for company
inline constexpr std::size_t write_queue_units_max = 4096;  // beyond it, writes are refused
inline constexpr std::size_t read_connections_max = 8;
inline constexpr auto read_connection_wait_max = 5s;        // for one of them to come free
inline constexpr int write_cache_bytes = 16 * 1024 * 1024;  // the writer's pages in memory
inline constexpr int read_cache_bytes = 2 * 1024 * 1024;    // the same, a read connection

// Caches. Each is emptied when full: entries are cheap to make again.
inline constexpr std::size_t signing_key_cache_entries_max = 10'000;
inline constexpr std::size_t principal_cache_entries_max = 10'000;
inline constexpr std::size_t signing_identities_max = 10'000;  // profiles whose key is open

// Lists.
inline constexpr int list_page_max = 25;                     // ListSigningJobs and its like
inline constexpr std::size_t list_rows_examined_max = 1000;  // then a short page and a token

// Retention: rows past their time go in small steps, so that nobody waits for the sweeper.
inline constexpr std::size_t sweep_rows_examined_max = 1000;  // a step
inline constexpr auto sweep_interval = 1s;                    // between two steps of a round
inline constexpr auto sweep_rest = 10min;                     // between two rounds

// Jobs.
inline constexpr auto job_lease = 30s;  // renewed while working, at a third of it
inline constexpr auto job_age_max =
    24h;  // for which a job waits for the machine's shortages to end
inline constexpr int job_attempts_max = 5;         // then Failed
inline constexpr std::size_t job_threads_min = 2;  // or one for two cores
inline constexpr auto job_poll_interval = 1s;  // only for jobs that a crash or another node left

// Formats.
inline constexpr std::size_t copy_buffer_bytes = 256 * 1024;
inline constexpr std::size_t zip_entries_max = 200'000;  // ~10 × the largest npm trees
inline constexpr std::size_t zip_central_directory_bytes_max = 32 * mebibyte;
inline constexpr std::size_t zip_name_bytes_max = 4096;          // PATH_MAX of Linux
inline constexpr std::size_t zip_link_target_bytes_max = 4096;   // the same
inline constexpr std::uint64_t zip_ratio_max = 1000;             // expanded by compressed
inline constexpr std::uint64_t zip_ratio_free_bytes = mebibyte;  // below, any ratio is harmless
inline constexpr std::uint64_t zip_verified_bytes_max = 1024 * mebibyte;  // expanded; 4 × Lambda's
inline constexpr std::size_t signature_block_bytes_max = 64 * 1024;       // of a .SF entry
inline constexpr auto signing_time_skew_max = 15min;  // ahead of the verifier's clock
inline constexpr std::size_t certificate_chain_max = 8;
inline constexpr std::size_t certificate_pem_bytes_max = 128 * 1024;  // a full chain of large ones

}  // namespace hallmark::limits
