#pragma once

#include <event_sourcing/conformance/detail/account.hpp>

#include <atomic>
#include <cstddef>
#include <string>

EVENT_SOURCING_BEGIN_NAMESPACE
namespace conformance::detail {

/// Behaves as a codec that encrypts: each encoding differs by a fresh nonce, the fingerprint does not, and without the
/// key nothing can be read. It is no cipher: the cases ask what a store does with such events, not how well they are
/// hidden.
class SealingCodec {
public:
    [[nodiscard]] NewEvent encode(Account::Event const& event, EncodeContext const& context) const {
        auto out = plain_.encode(event, context);
        auto const nonce = static_cast<unsigned char>(++nonce_);
        out.fingerprint = to_string(Uuid::v5(dns_namespace, out.data));
        out.format = DataFormat::binary;
        out.data = static_cast<char>(nonce) + mixed(out.data, nonce);
        return out;
    }

    [[nodiscard]] Decoded<Account::Event> decode(RecordedEventView const& record) const {
        if (!has_key_) {
            return Undecodable::shredded;
        }
        auto const text = mixed(record.data.substr(1), static_cast<unsigned char>(record.data.front()));
        auto plain = record;
        plain.format = DataFormat::json;
        plain.data = text;
        return plain_.decode(plain);
    }

    void drop_key() { has_key_ = false; }

private:
    [[nodiscard]] static std::string mixed(std::string_view text, unsigned char nonce) {
        std::string out{text};
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = static_cast<char>(static_cast<unsigned char>(out[i]) ^ static_cast<unsigned char>(nonce + 31 * i));
        }
        return out;
    }

    JsonCodec<Account::Event> plain_;
    mutable std::atomic<unsigned> nonce_{0};
    std::atomic<bool> has_key_{true};
};

}  // namespace conformance::detail
EVENT_SOURCING_END_NAMESPACE
