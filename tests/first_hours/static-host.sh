# The first hour of somebody with a web server, cron, and a list of people who want the digest by e-mail.
#
# The commands are the README's and the manual's. tests/clients/test_first_hours.py plays the rest of the world:
#
#   $HANDBILL        where Handbill can be cloned from
#   $WEB, $LEAVE     free ports for the web server and for the page for leaving
#   $RELAY, $MAIL    the port of a mail relay, and the folder where what it took arrives
#   items ADDRESS    what a feed reader shows
#
# It is the last day of March; --now stands for waiting.
today=2026-03-31T12:00 first_of_april=2026-04-01T08:15 first_of_may=2026-05-01T08:15

# Install it, in a clone.
git clone --quiet "$HANDBILL" ~/handbill-source
cd ~/handbill-source
python3 -m venv ~/handbill
~/handbill/bin/pip install --quiet -r requirements/run.txt
~/handbill/bin/pip install --quiet --no-deps .

# A file to start from, and then one's own.
mkdir ~/harbour
cd ~/harbour
~/handbill/bin/handbill init
~/handbill/bin/handbill check
cat >entries.toml <<END
[site]
title = "Harbour News"
url = "http://127.0.0.1:$WEB/"    # where the folder feeds/ will be served
author = "Harbour Watch"
timezone = "Europe/Lisbon"

[digest]

[[entry]]
date = 2026-03-31
title = "Tide tables for 2026"
url = "https://example.org/tides
kind = "table"
END

# A slip: check names its line, and what to write instead.
if ~/handbill/bin/handbill check >said 2>&1; then exit 1; fi
grep 'entries.toml:12:' said
sed -i 's|/tides$|/tides"|' entries.toml
~/handbill/bin/handbill check
~/handbill/bin/handbill build --now $today
~/handbill/bin/handbill digest --now $today
grep 'Tide tables for 2026' build/digest/digest.txt

# Serve it. Any web server does; the folder is copied as docs/serving.md says.
python3 -m http.server --bind 127.0.0.1 --directory ~/www "$WEB" 2>/dev/null & web=$!
trap 'kill $web' EXIT
publish="rsync -rtz --delay-updates --exclude '.*' --exclude ledger.jsonl feeds/ ~/www/"
mkdir ~/www
sh -c "$publish"
until curl --silent --fail "http://127.0.0.1:$WEB/" >page; do sleep 0.1; done
grep 'Tide tables for 2026' page
[ "$(items "http://127.0.0.1:$WEB/atom.xml")" = "Tide tables for 2026" ]

# Cron's line, as it stands in scripts/operate/crontab; what it prints would be mailed.
line=$(sed -n 's/^\*\/15 \* \* \* \*  //p' ~/handbill-source/scripts/operate/crontab)
cron() { # MOMENT
    sh -c "$line --publish \"$publish\" --now $1" 2>&1
}
cat >>entries.toml <<END

[[entry]]
date = 2026-03-30
title = "Dredging in April"
END
cron $today | grep 'files written'
[ -z "$(cron $today)" ]
items "http://127.0.0.1:$WEB/atom.xml" | grep 'Dredging in April'

# The digest by e-mail: a sender, the page for leaving, a relay; and people who asked for it.
sed -i "s|^\[digest\]\$|&\nfrom = \"Harbour News <news@example.org>\"\nproof-to = [\"editor@example.org\"]\naddress = \"1 Quay Street\"\nleave-url = \"http://127.0.0.1:$LEAVE/leave/\"|" entries.toml
~/handbill/bin/handbill check
export HANDBILL_SMTP_HOST=127.0.0.1 HANDBILL_SMTP_PORT=$RELAY
printf 'address,name\nann@example.org,Ann\nben@example.org,Ben\ncleo@example.org,Cleo\n' >list.csv
~/handbill/bin/handbill subscribers import list.csv --consent "web form, March 2026" --now $today
~/handbill/bin/handbill send --test editor@example.org --now $today

# The proof comes a day before, the issue once.
rm "$MAIL"/*
cron $today >said
ls "$MAIL" | grep editor@example.org
[ "$(ls "$MAIL" | wc -l)" = 1 ]
rm "$MAIL"/*
cron $first_of_april | grep '3 accepted'
[ -z "$(cron $first_of_april)" ]
[ "$(ls "$MAIL" | wc -l)" = 3 ]
curl --silent --fail "http://127.0.0.1:$WEB/digest/2026-04-01.html" | grep 'Dredging in April' >/dev/null

# Ben leaves with one click in his mail program.
~/handbill/bin/handbill web --listen "127.0.0.1:$LEAVE" & leaving=$!
trap 'kill $web $leaving' EXIT
link=$(tr -d '\r' <"$(echo "$MAIL"/*ben@example.org*)" | grep -i '^List-Unsubscribe:' | grep -o 'http[^>]*')
until curl --silent --fail "$link" | grep '<button' >/dev/null; do sleep 0.1; done
curl --silent --fail --data List-Unsubscribe=One-Click "$link" >/dev/null

# A month later he gets nothing.
rm "$MAIL"/*
sed -i '0,/^\[\[entry\]\]/s||[[entry]]\ndate = 2026-04-20\ntitle = "The ferry is back"\n\n&|' entries.toml
cron $first_of_may | grep '2 accepted'
[ "$(ls "$MAIL" | grep -c 'ann@\|cleo@')" = 2 ]
[ "$(ls "$MAIL" | wc -l)" = 2 ]
items "http://127.0.0.1:$WEB/atom.xml" | grep 'The ferry is back'
~/handbill/bin/handbill status --now $first_of_may | grep 'done: 2 accepted'
