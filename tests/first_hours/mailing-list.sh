# The first hour of somebody whose readers are on a Mailman or Google Groups list: the list gets one message.
#
# Handbill is installed in ~/handbill, as in static-host.sh. tests/clients/test_first_hours.py plays the rest:
#
#   $WEB             a free port for the web server
#   $RELAY, $MAIL    the port of a mail relay, and the folder where what it took arrives
today=2026-03-31T12:00 first_of_april=2026-04-01T08:15

mkdir ~/harbour
cd ~/harbour
cat >entries.toml <<END
[site]
title = "Harbour News"
url = "http://127.0.0.1:$WEB/"
author = "Harbour Watch"

[digest]
from = "Harbour News <news@example.org>"    # an address that the list lets post
to = "harbour@lists.example.org"

[[entry]]
date = 2026-03-31
title = "Tide tables for 2026"
END
~/handbill/bin/handbill check
export HANDBILL_SMTP_HOST=127.0.0.1 HANDBILL_SMTP_PORT=$RELAY
~/handbill/bin/handbill run --now $today
mkdir -p feeds
python3 -m http.server --bind 127.0.0.1 --directory feeds "$WEB" 2>/dev/null & web=$!
trap 'kill $web' EXIT
until curl --silent --fail "http://127.0.0.1:$WEB/" >page; do sleep 0.1; done

# What would be sent, to whom; then it is.
~/handbill/bin/handbill send --dry-run --now $first_of_april
[ "$(ls "$MAIL" | wc -l)" = 0 ]
~/handbill/bin/handbill run --now $first_of_april | grep '1 accepted'
[ "$(ls "$MAIL" | wc -l)" = 1 ]
message=$(echo "$MAIL"/*harbour@lists.example.org*)

# A list takes it: from a member, to the list, with an identifier of its own; its List- headers are the list's business.
headers=$(sed '/^\r*$/q' "$message" | tr -d '\r')
echo "$headers" | grep '^From: Harbour News <news@example.org>$'
echo "$headers" | grep '^To: harbour@lists.example.org$'
echo "$headers" | grep '^Message-ID: <.*>$'
echo "$headers" | grep '^Date: '
if echo "$headers" | grep -i '^List-\|^Precedence:\|^Auto-Submitted:'; then exit 1; fi
grep 'Tide tables for 2026' "$message"

# Once.
[ -z "$(~/handbill/bin/handbill run --now $first_of_april)" ]
[ "$(ls "$MAIL" | wc -l)" = 1 ]

# Subscribers of one's own beside the list would be told twice: nothing goes out before that is decided.
~/handbill/bin/handbill subscribers add ann@example.org --consent "asked by mail"
sed -i 's|^\[\[entry\]\]$|[[entry]]\ndate = 2026-04-20\ntitle = "The ferry is back"\n\n&|' entries.toml
if ~/handbill/bin/handbill run --no-web-check --now 2026-05-01T08:15 >said 2>&1; then exit 1; fi
grep 'names a list, and there are subscribers here as well (1)' said
[ "$(ls "$MAIL" | wc -l)" = 1 ]
~/handbill/bin/handbill subscribers remove ann@example.org
~/handbill/bin/handbill run --no-web-check --now 2026-05-01T08:15 | grep '1 accepted'
