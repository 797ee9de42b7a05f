#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace postgres_test {

/// What happens to a connection when a message that a FaultProxy waits for comes by.
enum class Fault : unsigned char {
    cut_before_the_server,  ///< both ends are closed, and the server never sees the message
    cut_while_it_runs,      ///< the server gets the message, and both ends are closed at once
    cut_after_the_answer,  ///< the server has answered, so has committed; the client gets nothing and both ends are closed
    swallow_the_answer,     ///< likewise, and both ends stay open: half-open, as a network that forgot the connection
    cut_inside_the_answer,  ///< the client gets the first half of the answer's first 64 KiB, then both ends are closed
};

/// Which of a client's messages a FaultProxy waits for: its type and its body, as PostgreSQL's protocol has them.
using MessagePredicate = bool (*)(char type, std::string_view body);

/// The message that asks for an append, prepared or plain.
[[nodiscard]] bool is_append(char type, std::string_view body);
/// The message that asks for a page of events, of one aggregate or of all, prepared or plain.
[[nodiscard]] bool is_read(char type, std::string_view body);
/// `commit` as a statement of its own.
[[nodiscard]] bool is_commit(char type, std::string_view body);

/// A TCP proxy in front of a server that understands as much of its protocol as it takes to fail at an exact moment.
///
/// Thread safety: every member may be called from several threads at once.
class FaultProxy {
public:
    /// In front of the server of an address; begins to listen on loopback.
    explicit FaultProxy(std::string const& server_url);
    FaultProxy(FaultProxy const&) = delete;
    FaultProxy& operator=(FaultProxy const&) = delete;
    ~FaultProxy();

    /// The same server's address, through the proxy.
    [[nodiscard]] std::string const& url() const noexcept { return url_; }

    /// Adds a fault for the next message of a kind that no earlier fault takes.
    void arm(Fault fault, MessagePredicate when = is_append);
    /// How many faults have happened.
    [[nodiscard]] int happened() const noexcept { return happened_; }
    /// Closes every connection now.
    void cut_all();

private:
    struct Link {
        int client;
        int server;
        std::string from_client{};  // what is not yet a whole message
        std::string from_server{};
        bool started = false;  // the start-up packet, which has no type, went by
        bool watching = false;
        Fault fault{};
        bool mute = false;  // nothing reaches the client any more
        bool over = false;
    };
    struct Armed {
        Fault fault;
        MessagePredicate when;
    };

    void run(std::stop_token const& stop);
    void accept_one();
    void client_said(Link& link, std::string_view bytes);
    void server_said(Link& link, std::string_view bytes);
    [[nodiscard]] bool meets_fault(Link& link, char type, std::string_view body);

    std::string server_host_;
    std::string server_port_;
    std::string url_;
    int listener_ = -1;
    std::atomic<int> happened_{0};
    std::mutex mutex_;
    std::deque<Armed> armed_;
    std::list<Link> links_;
    std::jthread thread_;
};

}  // namespace postgres_test
