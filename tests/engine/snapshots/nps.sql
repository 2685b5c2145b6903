SELECT
  "t7"."account_id",
  "t7"."leaf_0" AS "m0",
  "t7"."leaf_1" AS "m1"
FROM (
  SELECT
    "t2"."account_id",
    "t2"."position",
    CAST("t6"."leaf_0" AS DOUBLE) AS "leaf_0",
    CAST("t6"."leaf_1" AS DOUBLE) AS "leaf_1"
  FROM "requested" AS "t2"
  LEFT OUTER JOIN (
    SELECT
      "t4"."account_id" AS "account_0",
      "t4"."leaf_0",
      "t4"."leaf_1"
    FROM (
      SELECT
        "t3"."account_id",
        LAST(
          "t3"."score" ORDER BY "t3"."day" ASC, COALESCE("t3"."seq", -9223372036854775807) ASC, "t3"."score" ASC
        ) FILTER(WHERE
          "t3"."score" IS NOT NULL) AS "leaf_0",
        DATE_DIFF('DAY', MAX("t3"."day"), DATE '2026-03-31') AS "leaf_1"
      FROM (
        SELECT
          *
        FROM "data_nps" AS "t1"
        WHERE
          "t1"."day" <= DATE '2026-03-31'
      ) AS "t3"
      GROUP BY
        1
    ) AS "t4"
  ) AS "t6"
    ON "t2"."account_id" = "t6"."account_0"
) AS "t7"
ORDER BY
  "t7"."position" ASC
