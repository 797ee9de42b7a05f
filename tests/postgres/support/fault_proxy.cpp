#include "fault_proxy.hpp"

#include "server.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

namespace postgres_test {
namespace {

void send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return;  // the other end is gone: its own read says so
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void without_delay(int socket) {
    int const on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int connect_to(std::string const& host, std::string const& port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) {
        return -1;
    }
    std::unique_ptr<addrinfo, void (*)(addrinfo*)> const owner{found, ::freeaddrinfo};
    int const socket = ::socket(found->ai_family, SOCK_STREAM, 0);
    if (::connect(socket, found->ai_addr, found->ai_addrlen) != 0) {
        ::close(socket);
        return -1;
    }
    without_delay(socket);
    return socket;
}

/// A message's length, which counts itself, stands in network order.
std::size_t length_at(std::string_view bytes, std::size_t at) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        length = length * 256 + static_cast<unsigned char>(bytes[at + i]);
    }
    return length;
}

/// The name of a statement in a Bind message, or the text in a Parse message: what follows the first zero byte.
std::string_view second_text(std::string_view body) {
    auto const zero = body.find('\0');
    return zero == std::string_view::npos ? std::string_view{} : body.substr(zero + 1);
}

bool names(char type, std::string_view body, std::string_view statement) {
    return type == 'B' && second_text(body).starts_with(statement);
}

bool asks_plainly(char type, std::string_view body, std::string_view part) {
    return type == 'P' && body.starts_with('\0') && body.find(part) != std::string_view::npos;
}

}  // namespace

bool is_append(char type, std::string_view body) {
    return names(type, body, "event_sourcing_append") || asks_plainly(type, body, ".append($1");
}

bool is_read(char type, std::string_view body) {
    return names(type, body, "event_sourcing_read") || names(type, body, "event_sourcing_page") ||
           asks_plainly(type, body, "order by version") || asks_plainly(type, body, "order by position");
}

bool is_commit(char type, std::string_view body) { return type == 'Q' && body.starts_with("commit"); }

FaultProxy::FaultProxy(std::string const& server_url)
    : server_host_{setting(server_url, "host")}, server_port_{setting(server_url, "port")},
      listener_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
        throw std::runtime_error{"the proxy cannot listen on loopback"};
    }
    url_ = with_settings(server_url, {{"host", "127.0.0.1"},
                                      {"port", std::to_string(ntohs(address.sin_port))},
                                      {"sslmode", "disable"},
                                      {"gssencmode", "disable"}});
    thread_ = std::jthread{[this](std::stop_token const& stop) { run(stop); }};
}

FaultProxy::~FaultProxy() {
    thread_.request_stop();
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    for (auto const& link : links_) {
        ::close(link.client);
        ::close(link.server);
    }
}

void FaultProxy::arm(Fault fault, MessagePredicate when) {
    std::scoped_lock const lock{mutex_};
    armed_.push_back({fault, when});
}

void FaultProxy::cut_all() {
    std::scoped_lock const lock{mutex_};
    for (auto const& link : links_) {
        ::shutdown(link.client, SHUT_RDWR);
        ::shutdown(link.server, SHUT_RDWR);
    }
}

void FaultProxy::run(std::stop_token const& stop) {
    std::vector<char> buffer(64 * 1024);
    while (!stop.stop_requested()) {
        std::vector<pollfd> waiting{{.fd = listener_, .events = POLLIN, .revents = 0}};
        {
            std::scoped_lock const lock{mutex_};
            for (auto const& link : links_) {
                waiting.push_back({.fd = link.client, .events = POLLIN, .revents = 0});
                waiting.push_back({.fd = link.server, .events = POLLIN, .revents = 0});
            }
        }
        if (::poll(waiting.data(), waiting.size(), -1) <= 0) {
            continue;
        }
        std::scoped_lock const lock{mutex_};
        auto at = waiting.begin() + 1;
        for (auto& link : links_) {  // only this thread adds and removes: the order is that of `waiting`
            for (bool const from_client : {true, false}) {
                if ((at++)->revents == 0 || link.over) {
                    continue;
                }
                auto const got = ::recv(from_client ? link.client : link.server, buffer.data(), buffer.size(), 0);
                if (got <= 0) {
                    link.over = true;
                } else {
                    std::string_view const bytes{buffer.data(), static_cast<std::size_t>(got)};
                    from_client ? client_said(link, bytes) : server_said(link, bytes);
                }
            }
        }
        std::erase_if(links_, [](Link const& link) {
            if (link.over) {
                ::close(link.client);
                ::close(link.server);
            }
            return link.over;
        });
        if (waiting.front().revents != 0) {
            accept_one();
        }
    }
}

void FaultProxy::accept_one() {
    int const client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) {
        return;
    }
    int const server = connect_to(server_host_, server_port_);
    if (server < 0) {
        ::close(client);
        return;
    }
    without_delay(client);
    links_.push_back({.client = client, .server = server});
}

void FaultProxy::client_said(Link& link, std::string_view bytes) {
    link.from_client += bytes;
    std::size_t whole = 0;  // of the bytes, up to here they may go on
    for (;;) {
        std::string_view const rest = std::string_view{link.from_client}.substr(whole);
        std::size_t const type_size = link.started ? 1 : 0;
        if (rest.size() < type_size + 4) {
            break;
        }
        auto const size = type_size + length_at(rest, type_size);
        if (rest.size() < size) {
            break;
        }
        if (link.started && !link.watching && !link.mute && meets_fault(link, rest.front(), rest.substr(5, size - 5)) &&
            link.fault == Fault::cut_before_the_server) {
            link.over = true;
            return;
        }
        link.started = true;
        whole += size;
    }
    send_all(link.server, std::string_view{link.from_client}.substr(0, whole));
    link.from_client.erase(0, whole);
    // The message that ends a request, Sync or a simple query, has gone out with it: the driver sends them in one piece.
    if (link.watching && link.fault == Fault::cut_while_it_runs && link.from_client.empty()) {
        link.over = true;
    }
}

bool FaultProxy::meets_fault(Link& link, char type, std::string_view body) {
    auto const found = std::ranges::find_if(armed_, [&](Armed const& one) { return one.when(type, body); });
    if (found == armed_.end()) {
        return false;
    }
    link.fault = found->fault;
    link.watching = true;
    armed_.erase(found);
    ++happened_;
    return true;
}

void FaultProxy::server_said(Link& link, std::string_view bytes) {
    if (!link.watching) {
        if (!link.mute) {
            send_all(link.client, bytes);
        }
        return;
    }
    if (link.fault == Fault::cut_inside_the_answer) {
        send_all(link.client, bytes.substr(0, bytes.size() / 2));
        link.over = true;
        return;
    }
    link.from_server += bytes;
    for (std::size_t at = 0; link.from_server.size() >= at + 5;) {
        if (link.from_server[at] == 'Z') {  // ready for the next query: what came before is committed
            link.watching = false;
            link.mute = true;
            link.over = link.fault == Fault::cut_after_the_answer;
            link.from_server.clear();
            return;
        }
        at += 1 + length_at(link.from_server, at + 1);
    }
}

}  // namespace postgres_test
